/* SPDX-License-Identifier: MIT
   Pages of several documents as one, their coding and their bits as they are.
   The file is for one call: nothing of it has to outlive a crash. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"
#include "document/tiff.h"

static DWORD is_bad(const char *path, DWORD page) {
  return error_say(ERROR_FILE_CORRUPT, "%s: page %u cannot be read", path,
                   page);
}

/* ---- one page ---- */

static void copy_coding(TIFF *in, TIFF *out) {
  uint16_t coding = COMPRESSION_NONE;
  uint32_t options = 0;
  TIFFGetFieldDefaulted(in, TIFFTAG_COMPRESSION, &coding);
  TIFFSetField(out, TIFFTAG_COMPRESSION, coding);
  uint32_t tag = coding == COMPRESSION_CCITTFAX3   ? TIFFTAG_GROUP3OPTIONS
                 : coding == COMPRESSION_CCITTFAX4 ? TIFFTAG_GROUP4OPTIONS
                                                   : 0;
  if (tag != 0 && TIFFGetField(in, tag, &options))
    TIFFSetField(out, tag, options);
}

static void copy_form(TIFF *in, TIFF *out) {
  static const ttag_t sizes[] = {TIFFTAG_IMAGEWIDTH, TIFFTAG_IMAGELENGTH};
  uint32_t rows, value;
  TIFFSetField(out, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    if (TIFFGetField(in, sizes[i], &value)) TIFFSetField(out, sizes[i], value);
  TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(out, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField(out, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  if (TIFFGetFieldDefaulted(in, TIFFTAG_ROWSPERSTRIP, &rows))
    TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, rows);
}

static bool copy_strip(TIFF *in, TIFF *out, uint32_t at) {
  tmsize_t size = (tmsize_t)TIFFGetStrileByteCount(in, at);
  if (size <= 0) return false;
  void *bytes = mem_alloc((size_t)size);
  bool done = bytes != NULL && TIFFReadRawStrip(in, at, bytes, size) == size &&
              TIFFWriteRawStrip(out, at, bytes, size) == size;
  mem_free(bytes);
  return done;
}

static bool copy_page(TIFF *in, TIFF *out) {
  uint32_t strips = TIFFNumberOfStrips(in);
  bool done = strips != 0;
  copy_form(in, out);
  copy_coding(in, out);
  pages_copy_tags(in, out);
  for (uint32_t i = 0; done && i < strips; i++) done = copy_strip(in, out, i);
  return done && TIFFWriteDirectory(out);
}

/* ---- one document ---- */

/* DOC-2: a document has the same Y on all pages. */
static bool is_fine(TIFF *tiff) {
  float y = 0;
  uint16_t unit = RESUNIT_INCH;
  TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  return (double)y * (unit == RESUNIT_CENTIMETER ? 2.54 : 1) > 150;
}

static DWORD copy_pages(TIFF *in, const struct document_part *part, TIFF *out) {
  bool there = TIFFSetDirectory(in, (tdir_t)(part->first - 1));
  for (DWORD i = 0; i < part->pages; i++) {
    if (i > 0) there = TIFFReadDirectory(in);
    if (!there || !copy_page(in, out))
      return is_bad(part->path, part->first + i);
  }
  return ERROR_SUCCESS;
}

/* *fits_out: it has the Y of the first one, else nothing was written. */
static DWORD add(const struct document_part *part, bool is_first, bool *fine,
                 TIFF *out, bool *fits_out) {
  TIFF *in;
  DWORD error = pages_open(part->path, &in);
  if (error != ERROR_SUCCESS) return error;
  if (is_first) *fine = is_fine(in);
  *fits_out = is_fine(in) == *fine;
  if (*fits_out) error = copy_pages(in, part, out);
  TIFFClose(in);
  return error;
}

static DWORD make(const char *path, TIFF **out) {
  int fd = disk_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return error_errno(errno, "%s", path);
  TIFFOpenOptions *options = pages_quiet();
  *out = options != NULL ? TIFFFdOpenExt(fd, path, "wm", options) : NULL;
  TIFFOpenOptionsFree(options);
  if (*out != NULL) return ERROR_SUCCESS;
  close(fd);
  disk_unlink(path);
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

DWORD document_join(const struct document_part *parts, DWORD count,
                    const char *output, DWORD *joined_out) {
  TIFF *out = NULL;
  bool fine = false, fits = true;
  DWORD joined = 0;
  DWORD error = make(output, &out);
  if (error != ERROR_SUCCESS) return error;
  while (error == ERROR_SUCCESS && fits && joined < count) {
    error = add(&parts[joined], joined == 0, &fine, out, &fits);
    if (fits) joined++;
  }
  TIFFClose(out);
  if (error != ERROR_SUCCESS) {
    disk_unlink(output);
    return error;
  }
  *joined_out = joined;
  return ERROR_SUCCESS;
}
