/* SPDX-License-Identifier: MIT
   Reads every page of a TIFF/F to its end, and says whether it may go to the
   line as it is. Pages in other codings than those of faxes are not decoded
   here: that is the renderer's work. */
#include "document/inspect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/chain.h"

#define FAX_WIDTH 1728
#define LEAST_ROWS 8
#define MOST_ROWS 20000 /* 2.6 m of paper at fine resolution */
#define MOST_PIXELS UINT64_C(100000000)
#define MOST_MEMORY (64 << 20) /* that libtiff may ask for at once */

/* What libtiff says while a file is read. */
struct reading {
  const char *name;
  TIFF *tiff;
  bool decoding; /* a warning is damage then, else of no matter */
  bool damaged;
  char why[160];
};

static void note(struct reading *r, const char *format, va_list args) {
  if (!r->damaged) (void)vsnprintf(r->why, sizeof r->why, format, args);
  r->damaged = true;
}

static int on_error(TIFF *tiff, void *arg, const char *module,
                    const char *format, va_list args) {
  (void)tiff, (void)module;
  note(arg, format, args);
  return 1;
}

static int on_warning(TIFF *tiff, void *arg, const char *module,
                      const char *format, va_list args) {
  struct reading *r = arg;
  (void)tiff, (void)module;
  if (r->decoding) note(r, format, args);
  return 1;
}

/* Takes fd. */
static DWORD open_tiff(struct reading *r, int fd) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (options == NULL) {
    close(fd);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, r);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, r);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, MOST_MEMORY);
  /* Without mmap: a file that is cut off while it is read must not kill. */
  if (lseek(fd, 0, SEEK_SET) == 0)
    r->tiff = TIFFFdOpenExt(fd, r->name, "rm", options);
  TIFFOpenOptionsFree(options);
  if (r->tiff != NULL) return ERROR_SUCCESS;
  close(fd);
  return error_say(ERROR_INVALID_DATA, "%s: the TIFF is damaged: %s", r->name,
                   r->why);
}

/* Dots per inch as a whole number, 0 when the file does not say. */
static DWORD resolution(TIFF *tiff, uint32_t tag) {
  float value = 0;
  uint16_t unit = RESUNIT_INCH;
  if (!TIFFGetField(tiff, tag, &value)) return 0;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  if (unit == RESUNIT_NONE) return 0;
  double dots = unit == RESUNIT_CENTIMETER ? value * 2.54 : value;
  return dots > 0 && dots < 100000 ? (DWORD)(dots + 0.5) : 0;
}

static bool near(DWORD value, DWORD least, DWORD most) {
  return value >= least && value <= most;
}

/* DOC-2, with the tolerance that both the metric and the inch names of the two
   resolutions need. */
static bool is_canonical(TIFF *tiff, const struct document_page *page) {
  uint16_t photometric = PHOTOMETRIC_MINISWHITE, orientation = 1;
  uint32_t kind = 0;
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
  return page->width == FAX_WIDTH &&
         near(page->height, LEAST_ROWS, MOST_ROWS) &&
         photometric <= PHOTOMETRIC_MINISBLACK && orientation == 1 &&
         (kind & FILETYPE_REDUCEDIMAGE) == 0 &&
         near(page->x_resolution, 199, 205) &&
         (near(page->y_resolution, 96, 101) ||
          near(page->y_resolution, 195, 201));
}

static DWORD page_is_bad(const struct reading *r, DWORD page) {
  return error_say(ERROR_INVALID_DATA, "%s: page %u is damaged: %s", r->name,
                   page, r->why[0] != '\0' ? r->why : "it ends too early");
}

/* ---- the codes of a page ----
   Nobody looks at the pixels: to be sure of the codes is all, and painting the
   rows is two fifths of the work. */

static _Thread_local uint32_t rows_read;

static void count_row(unsigned char *row, uint32_t *runs, uint32_t *end,
                      uint32_t width) {
  (void)row, (void)runs, (void)end, (void)width;
  rows_read++;
}

static bool is_coded(TIFF *tiff) {
  uint16_t coding = COMPRESSION_NONE;
  TIFFGetField(tiff, TIFFTAG_COMPRESSION, &coding);
  return coding == COMPRESSION_CCITTRLE || coding == COMPRESSION_CCITTFAX3 ||
         coding == COMPRESSION_CCITTFAX4;
}

/* libtiff warns of a strip that ends too early, but gives it as a whole one:
   the rows are counted, too. */
static void read_strips(struct reading *r, void *strip, tmsize_t size,
                        DWORD height) {
  uint32_t count = TIFFNumberOfStrips(r->tiff);
  rows_read = 0;
  for (uint32_t i = 0; i < count && !r->damaged; i++)
    if (TIFFReadEncodedStrip(r->tiff, i, strip, size) < 0) r->damaged = true;
  if (rows_read < height) r->damaged = true;
}

static void read_rows(struct reading *r, void *row, DWORD height) {
  for (DWORD y = 0; y < height && !r->damaged; y++)
    if (TIFFReadScanline(r->tiff, row, y, 0) < 0) r->damaged = true;
}

static DWORD decode(struct reading *r, const struct document_page *page) {
  bool coded = is_coded(r->tiff);
  if ((uint64_t)page->width * page->height > MOST_PIXELS)
    return error_say(ERROR_INVALID_DATA,
                     "%s: page %u has more than 100 million pixels", r->name,
                     page->number);
  tmsize_t size = coded ? TIFFStripSize(r->tiff) : TIFFScanlineSize(r->tiff);
  if (size <= 0 || size > MOST_MEMORY) return page_is_bad(r, page->number);
  /* A fax decoder works a row of code words ahead of the row it gives. */
  void *room = mem_alloc_any((size_t)size + 16);
  if (room == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (coded) TIFFSetField(r->tiff, TIFFTAG_FAXFILLFUNC, count_row);
  r->decoding = true;
  if (coded)
    read_strips(r, room, size, page->height);
  else
    read_rows(r, room, page->height);
  r->decoding = false;
  mem_free(room);
  return r->damaged ? page_is_bad(r, page->number) : ERROR_SUCCESS;
}

static DWORD read_page(struct reading *r, struct document_page *page) {
  uint32_t width = 0, height = 0;
  if (r->damaged || !TIFFGetField(r->tiff, TIFFTAG_IMAGEWIDTH, &width) ||
      !TIFFGetField(r->tiff, TIFFTAG_IMAGELENGTH, &height))
    return page_is_bad(r, page->number);
  page->width = width;
  page->height = height;
  page->x_resolution = resolution(r->tiff, TIFFTAG_XRESOLUTION);
  page->y_resolution = resolution(r->tiff, TIFFTAG_YRESOLUTION);
  page->canonical = is_canonical(r->tiff, page);
  return decode(r, page);
}

/* DOC-2: the same Y on all pages. */
static bool same_step(DWORD a, DWORD b) {
  return (a <= 101) == (b <= 101);
}

static DWORD read_all(struct reading *r, document_page_fn *each, void *arg,
                      struct document_info *info) {
  DWORD pages = info->pages;
  info->canonical = true;
  for (DWORD i = 0; i < pages; i++) {
    struct document_page page = {.number = i + 1};
    if (i > 0 && !TIFFReadDirectory(r->tiff)) return page_is_bad(r, i + 1);
    DWORD rc = read_page(r, &page);
    if (rc == ERROR_SUCCESS && each != NULL) rc = each(arg, &page);
    if (rc != ERROR_SUCCESS) return rc;
    if (i == 0) info->y_resolution = page.y_resolution;
    info->canonical = info->canonical && page.canonical &&
                      same_step(info->y_resolution, page.y_resolution);
  }
  return ERROR_SUCCESS;
}

DWORD inspect_pages(int fd, const char *name, DWORDLONG bytes,
                    document_page_fn *each, void *arg,
                    struct document_info *info_out) {
  struct document_info info = {.bytes = bytes};
  struct reading r = {.name = name};
  struct chain_info chain;
  DWORD rc = chain_walk(fd, name, &chain);
  if (rc != ERROR_SUCCESS || !chain.fax) {
    close(fd);
    info.pages = rc == ERROR_SUCCESS ? chain.pages : 0;
  } else {
    info.pages = chain.pages;
    rc = open_tiff(&r, fd);
    if (rc == ERROR_SUCCESS) rc = read_all(&r, each, arg, &info);
    if (r.tiff != NULL) TIFFClose(r.tiff);
  }
  if (rc == ERROR_SUCCESS) *info_out = info;
  return rc;
}

DWORD document_inspect(const char *path, struct document_info *info_out) {
  int fd;
  DWORDLONG bytes;
  DWORD rc = chain_open(path, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  return inspect_pages(fd, chain_name(path), bytes, NULL, NULL, info_out);
}

DWORD document_count(const char *path, DWORD *pages_out) {
  struct chain_info chain;
  int fd;
  DWORDLONG bytes;
  DWORD rc = chain_open(path, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  rc = chain_walk(fd, path, &chain);
  close(fd);
  if (rc == ERROR_SUCCESS) *pages_out = chain.pages;
  return rc;
}
