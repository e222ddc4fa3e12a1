/* SPDX-License-Identifier: MIT
   Pages of any TIFF. Fax pages keep their pixels; all others are fitted to the
   paper by their size in inches. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "render/render.h"

/* Coverage from which a pixel of a bilevel page that is made smaller is black:
   less than half, so that thin strokes stay. */
#define STROKE_LEVEL 160
#define ANY_BLACK 255

struct source {
  struct render *r;
  TIFF *tiff;
  uint32_t width, height;
  uint16_t bits, samples, orientation, photometric;
  double x_resolution, y_resolution; /* dots per inch; 0: not said */
  bool decoding; /* a warning is damage then: a row that does not come out */
  bool damaged;
  char why[160];
};

static void note(struct source *s, const char *format, va_list args) {
  if (!s->damaged) (void)vsnprintf(s->why, sizeof s->why, format, args);
  s->damaged = true;
}

static int on_error(TIFF *tiff, void *arg, const char *module,
                    const char *format, va_list args) {
  (void)tiff, (void)module;
  note(arg, format, args);
  return 1;
}

static int on_warning(TIFF *tiff, void *arg, const char *module,
                      const char *format, va_list args) {
  struct source *s = arg;
  (void)tiff, (void)module;
  if (s->decoding) note(s, format, args);
  return 1;
}

static int bad_page(struct source *s, const char *why) {
  return render_fail(s->r, RENDER_BAD_DOCUMENT, "%s: page %u %s", s->r->file,
                     (unsigned)TIFFCurrentDirectory(s->tiff) + 1, why);
}

static int damaged(struct source *s) {
  char why[200];
  (void)snprintf(why, sizeof why, "is damaged: %s",
                 s->why[0] != '\0' ? s->why : "it ends too early");
  return bad_page(s, why);
}

/* ---- what it is ---- */

static double resolution(TIFF *tiff, uint32_t tag) {
  float value = 0;
  uint16_t unit = RESUNIT_INCH;
  if (!TIFFGetField(tiff, tag, &value)) return 0;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  double dots = unit == RESUNIT_CENTIMETER ? value * 2.54 : value;
  /* A value that no scanner has says nothing. */
  return dots >= 10 && dots <= 10000 ? dots : 0;
}

static int read_tags(struct source *s) {
  s->bits = s->samples = 1;
  s->orientation = ORIENTATION_TOPLEFT;
  s->photometric = PHOTOMETRIC_MINISWHITE;
  if (!TIFFGetField(s->tiff, TIFFTAG_IMAGEWIDTH, &s->width) ||
      !TIFFGetField(s->tiff, TIFFTAG_IMAGELENGTH, &s->height))
    return damaged(s);
  TIFFGetFieldDefaulted(s->tiff, TIFFTAG_BITSPERSAMPLE, &s->bits);
  TIFFGetFieldDefaulted(s->tiff, TIFFTAG_SAMPLESPERPIXEL, &s->samples);
  TIFFGetField(s->tiff, TIFFTAG_ORIENTATION, &s->orientation);
  TIFFGetField(s->tiff, TIFFTAG_PHOTOMETRIC, &s->photometric);
  s->x_resolution = resolution(s->tiff, TIFFTAG_XRESOLUTION);
  s->y_resolution = resolution(s->tiff, TIFFTAG_YRESOLUTION);
  if (s->width < RENDER_LEAST || s->height < RENDER_LEAST)
    return bad_page(s, "is smaller than 8 by 8 pixels");
  if ((uint64_t)s->width * s->height > RENDER_MOST_PIXELS)
    return bad_page(s, "has more than 100 million pixels");
  if (s->x_resolution > 0 && s->y_resolution > 0) return 0;
  s->x_resolution = s->y_resolution = 204;
  /* Fax pages without a word on it: a short one is of the coarse kind. */
  if (s->width == RENDER_WIDTH && s->height < 1400) s->y_resolution = 98;
  return 0;
}

/* ---- its pixels ---- */

static PIX *read_bilevel(struct source *s) {
  int flip = s->photometric == PHOTOMETRIC_MINISBLACK ? 0xff : 0;
  size_t bytes = ((size_t)s->width + 7) / 8;
  tmsize_t line_bytes = TIFFScanlineSize(s->tiff);
  PIX *pix = pixCreate((int)s->width, (int)s->height, 1);
  uint8_t *row = line_bytes > 0 ? calloc(1, (size_t)line_bytes + 16) : NULL;
  if (row == NULL || (size_t)line_bytes < bytes) pixDestroy(&pix);
  s->decoding = true;
  for (uint32_t y = 0; pix != NULL && y < s->height && !s->damaged; y++) {
    l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
    if (TIFFReadScanline(s->tiff, row, y, 0) < 0) s->damaged = true;
    for (size_t x = 0; x < bytes; x++) SET_DATA_BYTE(line, x, row[x] ^ flip);
  }
  s->decoding = false;
  free(row);
  if (pix != NULL) pixSetPadBits(pix, 0);
  return pix;
}

/* Everything else through libtiff's own conversion, on white, as gray. */
static PIX *read_colour(struct source *s) {
  char why[1024] = "";
  if (!TIFFRGBAImageOK(s->tiff, why)) {
    (void)snprintf(s->why, sizeof s->why, "%.150s", why);
    s->damaged = true;
    return NULL;
  }
  size_t pixels = (size_t)s->width * s->height;
  uint32_t *raster = malloc(pixels * sizeof *raster);
  PIX *pix = pixCreate((int)s->width, (int)s->height, 8);
  /* Asked for as it is stored: no flip here, read_page turns it. */
  if (raster == NULL || !TIFFReadRGBAImageOriented(s->tiff, s->width, s->height,
                                                   raster, s->orientation, 1)) {
    s->damaged = s->damaged || raster != NULL;
    pixDestroy(&pix);
  }
  for (uint32_t y = 0; pix != NULL && y < s->height; y++) {
    l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
    const uint32_t *in = raster + (size_t)y * s->width;
    for (uint32_t x = 0; x < s->width; x++) {
      unsigned gray = (TIFFGetR(in[x]) * 299 + TIFFGetG(in[x]) * 587 +
                       TIFFGetB(in[x]) * 114 + 500) /
                      1000;
      gray += 255 - TIFFGetA(in[x]); /* premultiplied */
      SET_DATA_BYTE(line, x, gray > 255 ? 255 : gray);
    }
  }
  free(raster);
  return pix;
}

/* Turns the page as its tag says (takes). */
static PIX *upright(struct source *s, PIX *pix) {
  static const struct {
    int quarters;
    bool left_right, top_bottom;
  } how[] = {{0, 0, 0}, {0, 0, 0}, {0, 1, 0}, {2, 0, 0}, {0, 0, 1},
             {1, 1, 0}, {1, 0, 0}, {1, 0, 1}, {3, 0, 0}};
  int o = s->orientation <= 8 ? s->orientation : 1;
  if (pix == NULL || o <= 1) return pix;
  PIX *turned = pixRotateOrth(pix, how[o].quarters);
  pixDestroy(&pix);
  if (turned == NULL) return NULL;
  if (how[o].left_right) pixFlipLR(turned, turned);
  if (how[o].top_bottom) pixFlipTB(turned, turned);
  if (how[o].quarters % 2 == 1) {
    double swap = s->x_resolution;
    s->x_resolution = s->y_resolution;
    s->y_resolution = swap;
  }
  return turned;
}

/* ---- as a fax page ---- */

static bool about(double value, double what) {
  return fabs(value - what) <= what * 0.04;
}

/* The resolution of the fax page that it is, 98 or 196; 0: it is none. */
static int fax_resolution(const struct source *s, PIX *pix) {
  if (pixGetDepth(pix) != 1 || pixGetWidth(pix) != RENDER_WIDTH ||
      !about(s->x_resolution, 204))
    return 0;
  return about(s->y_resolution, 98)    ? 98
         : about(s->y_resolution, 196) ? 196
                                       : 0;
}

/* A fax page keeps its length; rows are doubled, or two become one that has
   the black of both. */
static PIX *convert_fax(struct render *r, PIX *pix, int from) {
  if (from == r->y_resolution) return pixClone(pix);
  int rows = pixGetHeight(pix);
  rows = from == 98 ? rows * 2 : (rows + 1) / 2;
  if (rows < RENDER_LEAST) rows = RENDER_LEAST;
  PIX *gray = scale_gray(pix, RENDER_WIDTH, rows);
  PIX *out = gray != NULL ? scale_threshold(gray, ANY_BLACK) : NULL;
  pixDestroy(&gray);
  return out;
}

static PIX *convert_foreign(struct source *s, PIX *pix) {
  double width = pixGetWidth(pix) / s->x_resolution;
  double height = pixGetHeight(pix) / s->y_resolution;
  struct sheet sheet = sheet_for(s->r, width, height);
  double across = sheet.turned ? s->r->y_resolution : SHEET_X_RESOLUTION;
  double down = sheet.turned ? SHEET_X_RESOLUTION : s->r->y_resolution;
  int w = (int)fmax(1, lround(width * sheet.scale * across));
  int h = (int)fmax(1, lround(height * sheet.scale * down));
  PIX *gray = scale_gray(pix, w, h);
  if (gray == NULL) return NULL;
  PIX *page = pixGetDepth(pix) == 1 ? scale_threshold(gray, STROKE_LEVEL)
                                    : scale_scan(gray);
  pixDestroy(&gray);
  return page != NULL ? sheet_place(&sheet, page) : NULL;
}

static int read_page(struct source *s) {
  int rc = read_tags(s);
  if (rc != 0) return rc;
  bool bilevel = s->bits == 1 && s->samples == 1 &&
                 s->photometric <= PHOTOMETRIC_MINISBLACK &&
                 !TIFFIsTiled(s->tiff);
  PIX *pix = bilevel ? read_bilevel(s) : read_colour(s);
  if (s->damaged) {
    pixDestroy(&pix);
    return damaged(s);
  }
  pix = upright(s, pix);
  if (pix == NULL) return out_page(s->r, NULL);
  int fax = fax_resolution(s, pix);
  PIX *page = fax != 0 ? convert_fax(s->r, pix, fax) : convert_foreign(s, pix);
  pixDestroy(&pix);
  if (page != NULL && pixGetHeight(page) > RENDER_MOST_ROWS) {
    pixDestroy(&page);
    return bad_page(s, "is too long for a fax");
  }
  return out_page(s->r, page);
}

static int read_pages(struct source *s) {
  int rc = s->damaged ? damaged(s) : read_page(s);
  while (rc == 0 && !TIFFLastDirectory(s->tiff)) {
    /* Without a next one that can be read, though there is one: libtiff does
       not follow a loop. */
    if (!TIFFReadDirectory(s->tiff))
      return render_fail(s->r, RENDER_BAD_DOCUMENT,
                         "%s: the directories of the TIFF are damaged or form "
                         "a loop",
                         s->r->file);
    rc = read_page(s);
  }
  return rc;
}

int tiff_pages(struct render *r, int fd) {
  struct source s = {.r = r};
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  int own = dup(fd);
  if (options == NULL || own < 0 || lseek(own, 0, SEEK_SET) != 0)
    return render_fail(r, RENDER_SYSTEM, "%s: out of memory", r->file);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, &s);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, &s);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, 512 << 20);
  s.tiff = TIFFFdOpenExt(own, r->file, "rm", options);
  TIFFOpenOptionsFree(options);
  if (s.tiff == NULL) {
    close(own);
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: the TIFF is damaged: %s",
                       r->file, s.why);
  }
  int rc = read_pages(&s);
  TIFFClose(s.tiff);
  return rc;
}
