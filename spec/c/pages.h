/* SPDX-License-Identifier: MIT
   Test documents: canonical TIFF/F made by code, and the comparison of pixels.
   For the C tests and the benchmarks; link with -ltiff. */
#ifndef FAX_SPEC_PAGES_H
#define FAX_SPEC_PAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#define PAGES_WIDTH 1728
#define PAGES_STRIDE (PAGES_WIDTH / 8)

/* Rows of a page at 98 (standard) and 196 (fine) rows an inch. */
#define PAGES_A4_STANDARD 1143
#define PAGES_A4_FINE 2287
#define PAGES_LETTER_STANDARD 1078
#define PAGES_LETTER_FINE 2156
#define PAGES_LEGAL_STANDARD 1372
#define PAGES_LEGAL_FINE 2744

enum pages_pattern {
  PAGES_LETTER, /* lines of words with ragged ends, as a typed letter */
  PAGES_DENSE,  /* a halftone over the whole page: ten times the data */
  PAGES_SHORT   /* a few marks: as little line time as can be */
};

static inline uint32_t pages_hash(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t h = a * 2654435761u ^ (b + 0x9e3779b9u) * 2246822519u ^
               (c + 0x85ebca6bu) * 3266489917u;
  h ^= h >> 15;
  h *= 2246822519u;
  h ^= h >> 13;
  h *= 3266489917u;
  return h ^ h >> 16;
}

static inline void pages_black(uint8_t *row, unsigned x, unsigned width) {
  for (; width > 0 && x < PAGES_WIDTH; x++, width--)
    row[x / 8] |= (uint8_t)(0x80 >> (x % 8));
}

/* A line of text is 34 rows, 22 of them black on white; a glyph is 16 columns,
   of which four strokes are drawn as its hash says. */
static inline void pages_letter_row(uint8_t *row, uint32_t page, uint32_t y,
                                    uint32_t height) {
  uint32_t line = y / 34, in_line = y % 34;
  if (y < height / 12 || y > height - height / 12 || in_line >= 22) return;
  if (pages_hash(page, line, 7) % 6 == 0) return; /* between paragraphs */
  unsigned end = 900 + pages_hash(page, line, 1) % 600;
  for (unsigned x = 180; x < end; x += 18) {
    uint32_t glyph = pages_hash(page, line, x);
    if (glyph % 7 == 0) continue; /* between words */
    uint32_t shape = pages_hash(glyph % 50, in_line / 4, 3);
    if (shape & 1) pages_black(row, x, 3);
    if (shape & 2) pages_black(row, x + 6, 3);
    if (shape & 4) pages_black(row, x + 12, 2);
    if ((shape & 24) == 24) pages_black(row, x, 14);
  }
}

static inline void pages_row(enum pages_pattern pattern, uint32_t page,
                             uint32_t y, uint32_t height, uint8_t *row) {
  memset(row, 0, PAGES_STRIDE);
  if (pattern == PAGES_LETTER) {
    pages_letter_row(row, page, y, height);
  } else if (pattern == PAGES_DENSE) {
    for (unsigned x = 0; x < PAGES_WIDTH; x += 12)
      pages_black(row, x + y / 3 % 3, 1 + pages_hash(page, y / 3, x / 48) % 9);
  } else if (y % 64 < 8) {
    pages_black(row, 100 + page * 40 % 1000 + y, 200);
  }
}

static inline void pages_set_tags(TIFF *tiff, uint32_t height, double y_dpi,
                                  unsigned page, unsigned count) {
  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, PAGES_WIDTH);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, height);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 204.0);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, y_dpi);
  TIFFSetField(tiff, TIFFTAG_PAGENUMBER, page, count);
}

/* Adds a page to a document: `mode` is "w" for its first, "a" for the others.
   False: it failed. */
static inline bool pages_add(const char *path, const char *mode,
                             enum pages_pattern pattern, unsigned page,
                             unsigned count, uint32_t height, double y_dpi) {
  uint8_t row[PAGES_STRIDE];
  TIFF *tiff = TIFFOpen(path, mode);
  bool ok = tiff != NULL;
  if (ok) pages_set_tags(tiff, height, y_dpi, page, count);
  for (uint32_t y = 0; ok && y < height; y++) {
    pages_row(pattern, page, y, height, row);
    ok = TIFFWriteScanline(tiff, row, y, 0) == 1;
  }
  if (tiff != NULL) TIFFClose(tiff);
  return ok;
}

/* Writes a new document of `count` pages. False: it failed. */
static inline bool pages_make(const char *path, enum pages_pattern pattern,
                              unsigned count, uint32_t height, double y_dpi) {
  bool ok = true;
  for (unsigned page = 0; ok && page < count; page++)
    ok = pages_add(path, page == 0 ? "w" : "a", pattern, page, count, height,
                   y_dpi);
  return ok;
}

static inline unsigned pages_count(const char *path) {
  TIFF *tiff = TIFFOpen(path, "rm");
  unsigned count = 0;
  if (tiff == NULL) return 0;
  count = TIFFNumberOfDirectories(tiff);
  TIFFClose(tiff);
  return count;
}

/* The pixels of a page (from zero), PAGES_STRIDE bytes a row, black is one;
   NULL when it cannot be read. Gives: free(). */
static inline uint8_t *pages_read(const char *path, unsigned page,
                                  uint32_t *height_out) {
  uint32_t width = 0, height = 0;
  uint16_t photometric = PHOTOMETRIC_MINISWHITE;
  uint8_t *pixels = NULL;
  TIFF *tiff = TIFFOpen(path, "rm");
  bool ok = tiff != NULL && TIFFSetDirectory(tiff, (tdir_t)page) == 1;
  ok = ok && TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) == 1 &&
       TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height) == 1 &&
       width == PAGES_WIDTH && height > 0;
  ok = ok && (pixels = malloc((size_t)height * PAGES_STRIDE)) != NULL;
  for (uint32_t y = 0; ok && y < height; y++)
    ok = TIFFReadScanline(tiff, pixels + (size_t)y * PAGES_STRIDE, y, 0) == 1;
  if (ok) TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  if (ok && photometric == PHOTOMETRIC_MINISBLACK)
    for (size_t i = 0; i < (size_t)height * PAGES_STRIDE; i++)
      pixels[i] = (uint8_t)~pixels[i];
  if (tiff != NULL) TIFFClose(tiff);
  if (ok) *height_out = height;
  if (!ok) free(pixels);
  return ok ? pixels : NULL;
}

/* Page `b_page` of file b shows, from its row `skip` on, what page `a_page` of
   file a shows. */
static inline bool pages_same_below(const char *a, unsigned a_page,
                                    const char *b, unsigned b_page,
                                    uint32_t skip) {
  uint32_t a_height = 0, b_height = 0;
  uint8_t *a_pixels = pages_read(a, a_page, &a_height);
  uint8_t *b_pixels = pages_read(b, b_page, &b_height);
  bool same = a_pixels != NULL && b_pixels != NULL &&
              b_height == a_height + skip &&
              memcmp(a_pixels, b_pixels + (size_t)skip * PAGES_STRIDE,
                     (size_t)a_height * PAGES_STRIDE) == 0;
  free(a_pixels);
  free(b_pixels);
  return same;
}

static inline bool pages_same(const char *a, unsigned a_page, const char *b,
                              unsigned b_page) {
  return pages_same_below(a, a_page, b, b_page, 0);
}

#endif
