/* SPDX-License-Identifier: MIT
   The first page of a canonical TIFF/F as a TIFF/F of its own in memory, MMR
   coded (JOB-69..71). */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/tiff.h"

/* A file in memory, for libtiff's client functions. */
struct memory_file {
  BYTE *bytes;
  size_t size, room, at;
  bool failed;
};

static tmsize_t read_memory(thandle_t handle, void *to, tmsize_t n) {
  struct memory_file *f = handle;
  if (f->at >= f->size) return 0;
  size_t left = f->size - f->at;
  size_t count = (size_t)n < left ? (size_t)n : left;
  memcpy(to, f->bytes + f->at, count);
  f->at += count;
  return (tmsize_t)count;
}

static bool make_room(struct memory_file *f, size_t needed) {
  if (needed <= f->room) return true;
  size_t room = needed + needed / 2 + 4096;
  void *bytes = mem_resize(f->bytes, room);
  if (bytes == NULL) {
    f->failed = true;
    return false;
  }
  f->bytes = bytes;
  f->room = room;
  return true;
}

static tmsize_t write_memory(thandle_t handle, void *from, tmsize_t n) {
  struct memory_file *f = handle;
  size_t end = f->at + (size_t)n;
  if (!make_room(f, end)) return 0;
  if (f->at > f->size) memset(f->bytes + f->size, 0, f->at - f->size);
  memcpy(f->bytes + f->at, from, (size_t)n);
  f->at = end;
  if (end > f->size) f->size = end;
  return n;
}

static toff_t seek_memory(thandle_t handle, toff_t to, int whence) {
  struct memory_file *f = handle;
  size_t base = whence == SEEK_CUR ? f->at : whence == SEEK_END ? f->size : 0;
  f->at = base + (size_t)to;
  return f->at;
}

static toff_t size_memory(thandle_t handle) {
  return ((struct memory_file *)handle)->size;
}

static int close_memory(thandle_t handle) {
  (void)handle;
  return 0;
}

static TIFF *open_memory(struct memory_file *f) {
  TIFFOpenOptions *options = pages_quiet();
  if (options == NULL) return NULL;
  TIFF *tiff =
      TIFFClientOpenExt("page", "wm", f, read_memory, write_memory, seek_memory,
                        close_memory, size_memory, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

static void set_form(TIFF *out, uint32_t width, uint32_t height) {
  TIFFSetField(out, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  TIFFSetField(out, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(out, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(out, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, height); /* DOC-1: one strip */
  TIFFSetField(out, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(out, TIFFTAG_PAGENUMBER, 0, 1);
}

static DWORD copy_rows(TIFF *in, TIFF *out, uint32_t height) {
  void *row = mem_alloc((size_t)TIFFScanlineSize(in));
  if (row == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  bool ok = true;
  for (uint32_t y = 0; ok && y < height; y++)
    ok = TIFFReadScanline(in, row, y, 0) > 0 &&
         TIFFWriteScanline(out, row, y, 0) > 0;
  mem_free(row);
  if (ok && TIFFWriteDirectory(out)) return ERROR_SUCCESS;
  return error_say(ERROR_FILE_CORRUPT, "the page cannot be read");
}

static DWORD convert(TIFF *in, struct memory_file *f, DWORD *width_out,
                     DWORD *height_out) {
  uint32_t width = 0, height = 0;
  TIFFGetField(in, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(in, TIFFTAG_IMAGELENGTH, &height);
  TIFF *out = open_memory(f);
  if (out == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pages_copy_tags(in, out);
  set_form(out, width, height);
  DWORD error = copy_rows(in, out, height);
  TIFFClose(out);
  if (f->failed) return ERROR_NOT_ENOUGH_MEMORY;
  if (error != ERROR_SUCCESS) return error;
  *width_out = width;
  *height_out = height;
  return ERROR_SUCCESS;
}

DWORD document_page(const char *path, BYTE **data_out, DWORD *size_out,
                    DWORD *width_out, DWORD *height_out) {
  struct memory_file f = {0};
  DWORD width, height;
  TIFF *in = NULL;
  DWORD error = pages_open(path, &in);
  if (error != ERROR_SUCCESS) return error;
  error = convert(in, &f, &width, &height);
  TIFFClose(in);
  BYTE *block = NULL;
  if (error == ERROR_SUCCESS) {
    block = mem_alloc_tagged(f.size, MEM_BUFFER);
    if (block == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  }
  if (error == ERROR_SUCCESS) {
    memcpy(block, f.bytes, f.size);
    *data_out = block;
    *size_out = (DWORD)f.size;
    *width_out = width;
    *height_out = height;
  }
  mem_free(f.bytes);
  return error;
}
