/* SPDX-License-Identifier: MIT
   A TIFF as it is read: what its tags say of a page, and its pixels. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "render/source.h"

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

int source_bad_page(struct source *s, const char *why) {
  return render_fail(s->r, RENDER_BAD_DOCUMENT, "%s: page %u %s", s->r->file,
                     (unsigned)TIFFCurrentDirectory(s->tiff) + 1, why);
}

int source_damaged(struct source *s) {
  char why[200];
  (void)snprintf(why, sizeof why, "is damaged: %s",
                 s->why[0] != '\0' ? s->why : "it ends too early");
  return source_bad_page(s, why);
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

int source_tags(struct source *s) {
  s->bits = s->samples = 1;
  s->orientation = ORIENTATION_TOPLEFT;
  s->photometric = PHOTOMETRIC_MINISWHITE;
  if (!TIFFGetField(s->tiff, TIFFTAG_IMAGEWIDTH, &s->width) ||
      !TIFFGetField(s->tiff, TIFFTAG_IMAGELENGTH, &s->height))
    return source_damaged(s);
  TIFFGetFieldDefaulted(s->tiff, TIFFTAG_BITSPERSAMPLE, &s->bits);
  TIFFGetFieldDefaulted(s->tiff, TIFFTAG_SAMPLESPERPIXEL, &s->samples);
  TIFFGetField(s->tiff, TIFFTAG_ORIENTATION, &s->orientation);
  TIFFGetField(s->tiff, TIFFTAG_PHOTOMETRIC, &s->photometric);
  s->x_resolution = resolution(s->tiff, TIFFTAG_XRESOLUTION);
  s->y_resolution = resolution(s->tiff, TIFFTAG_YRESOLUTION);
  if (s->width < RENDER_LEAST || s->height < RENDER_LEAST)
    return source_bad_page(s, "is smaller than 8 by 8 pixels");
  if ((uint64_t)s->width * s->height > RENDER_MOST_PIXELS)
    return source_bad_page(s, "has more than 100 million pixels");
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

bool source_is_bilevel(const struct source *s) {
  return s->bits == 1 && s->samples == 1 &&
         s->photometric <= PHOTOMETRIC_MINISBLACK && !TIFFIsTiled(s->tiff);
}

int source_pixels(struct source *s, PIX **pix_out) {
  PIX *pix = source_is_bilevel(s) ? read_bilevel(s) : read_colour(s);
  if (s->damaged) {
    pixDestroy(&pix);
    return source_damaged(s);
  }
  *pix_out = upright(s, pix);
  return 0;
}

/* ---- page by page ---- */

static int open_tiff(struct source *s, struct render *r, int fd) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  int own = dup(fd);
  if (options == NULL || own < 0 || lseek(own, 0, SEEK_SET) != 0)
    return render_fail(r, RENDER_SYSTEM, "%s: out of memory", r->file);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, s);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, s);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, 512 << 20);
  s->tiff = TIFFFdOpenExt(own, r->file, "rm", options);
  TIFFOpenOptionsFree(options);
  if (s->tiff != NULL) return 0;
  close(own);
  return render_fail(r, RENDER_BAD_DOCUMENT, "%s: the TIFF is damaged: %s",
                     r->file, s->why);
}

static int read_pages(struct source *s, source_page_fn *page) {
  int rc = s->damaged ? source_damaged(s) : page(s);
  while (rc == 0 && !TIFFLastDirectory(s->tiff)) {
    /* Without a next one that can be read, though there is one: libtiff does
       not follow a loop. */
    if (!TIFFReadDirectory(s->tiff))
      return render_fail(s->r, RENDER_BAD_DOCUMENT,
                         "%s: the directories of the TIFF are damaged or form "
                         "a loop",
                         s->r->file);
    rc = page(s);
  }
  return rc;
}

int source_each(struct render *r, int fd, source_page_fn *page) {
  struct source s = {.r = r};
  int rc = open_tiff(&s, r, fd);
  if (rc != 0) return rc;
  rc = read_pages(&s, page);
  TIFFClose(s.tiff);
  return rc;
}
