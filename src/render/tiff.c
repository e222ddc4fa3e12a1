/* SPDX-License-Identifier: MIT
   Pages of any TIFF. Fax pages keep their pixels; all others are fitted to the
   paper by their size in inches. */
#include <math.h>

#include "render/source.h"

/* Coverage from which a pixel of a bilevel page that is made smaller is black:
   less than half, so that thin strokes stay. */
#define STROKE_LEVEL 160
#define ANY_BLACK 255

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
  PIX *pix = NULL;
  int rc = source_tags(s);
  if (rc == 0) rc = source_pixels(s, &pix);
  if (rc != 0) return rc;
  if (pix == NULL) return out_page(s->r, NULL);
  int fax = fax_resolution(s, pix);
  PIX *page = fax != 0 ? convert_fax(s->r, pix, fax) : convert_foreign(s, pix);
  pixDestroy(&pix);
  if (page != NULL && pixGetHeight(page) > RENDER_MOST_ROWS) {
    pixDestroy(&page);
    return source_bad_page(s, "is too long for a fax");
  }
  return out_page(s->r, page);
}

int tiff_pages(struct render *r, int fd) {
  return source_each(r, fd, read_page);
}
