/* SPDX-License-Identifier: MIT
   Scaling and making bilevel. A fax has no gray: what matters is that strokes
   stay whole and edges stay sharp. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/render.h"

/* ---- scaling by area ---- */

struct scaling {
  PIX *in;
  int width;    /* of the result */
  double *sums; /* of the pixels of a row before each */
  float *row;   /* one row of `in`, scaled across */
  int row_is;   /* which one; -1: none */
};

/* The sum of the row's pixels left of x, a fraction of the last one. */
static double sum_to(const struct scaling *s, double x) {
  int whole = (int)x, last = pixGetWidth(s->in);
  if (whole >= last) return s->sums[last];
  return s->sums[whole] + (x - whole) * (s->sums[whole + 1] - s->sums[whole]);
}

static void load_row(struct scaling *s, int y) {
  if (s->row_is == y) return;
  const l_uint32 *line =
      pixGetData(s->in) + (size_t)y * (size_t)pixGetWpl(s->in);
  int in_width = pixGetWidth(s->in), depth = pixGetDepth(s->in);
  s->sums[0] = 0;
  for (int x = 0; x < in_width; x++) {
    int v =
        depth == 1 ? (GET_DATA_BIT(line, x) ? 0 : 255) : GET_DATA_BYTE(line, x);
    s->sums[x + 1] = s->sums[x] + v;
  }
  double step = (double)in_width / s->width, left = 0;
  for (int x = 0; x < s->width; x++) {
    double right = sum_to(s, (x + 1) * step);
    s->row[x] = (float)((right - left) / step);
    left = right;
  }
  s->row_is = y;
}

static void scale_rows(struct scaling *s, PIX *out, float *mix) {
  int in_height = pixGetHeight(s->in), height = pixGetHeight(out);
  double step = (double)in_height / height;
  for (int y = 0; y < height; y++) {
    double top = y * step, bottom = fmin((y + 1) * step, in_height);
    memset(mix, 0, (size_t)s->width * sizeof *mix);
    for (int i = (int)top; i < in_height && i < bottom; i++) {
      float share = (float)(fmin(i + 1, bottom) - fmax(i, top));
      load_row(s, i);
      for (int x = 0; x < s->width; x++) mix[x] += share * s->row[x];
    }
    l_uint32 *line = pixGetData(out) + (size_t)y * (size_t)pixGetWpl(out);
    for (int x = 0; x < s->width; x++) {
      int v = (int)(mix[x] / (float)(bottom - top) + 0.5f);
      SET_DATA_BYTE(line, x, v > 255 ? 255 : v);
    }
  }
}

PIX *scale_gray(PIX *in, int width, int height) {
  struct scaling s = {.in = in, .width = width, .row_is = -1};
  s.sums = malloc(((size_t)pixGetWidth(in) + 1) * sizeof *s.sums);
  s.row = malloc((size_t)width * sizeof *s.row);
  float *mix = malloc((size_t)width * sizeof *mix);
  PIX *out = pixCreate(width, height, 8);
  if (s.sums != NULL && s.row != NULL && mix != NULL && out != NULL)
    scale_rows(&s, out, mix);
  else
    pixDestroy(&out);
  free(s.sums);
  free(s.row);
  free(mix);
  return out;
}

PIX *scale_threshold(PIX *gray, int level) {
  return pixThresholdToBinary(gray, level);
}

/* ---- scans ---- */

#define TILE 24
/* Otsu's threshold of a blank page lies in its noise. */
#define DARKEST_LEVEL 96
#define LIGHTEST_LEVEL 176

static int text_level(PIX *gray) {
  PIX *levels = NULL;
  l_uint32 level = 128;
  if (pixOtsuAdaptiveThreshold(gray, pixGetWidth(gray), pixGetHeight(gray), 0,
                               0, 0.1f, &levels, NULL) == 0)
    pixGetPixel(levels, 0, 0, &level);
  pixDestroy(&levels);
  if (level < DARKEST_LEVEL) return DARKEST_LEVEL;
  return level > LIGHTEST_LEVEL ? LIGHTEST_LEVEL : (int)level;
}

/* Half of the tile is neither ink nor paper. */
static bool is_tile_gray(PIX *gray, int left, int top) {
  int w = pixGetWidth(gray), h = pixGetHeight(gray), mid = 0, all = 0;
  for (int y = top; y < top + TILE && y < h; y++) {
    const l_uint32 *line =
        pixGetData(gray) + (size_t)y * (size_t)pixGetWpl(gray);
    for (int x = left; x < left + TILE && x < w; x++, all++) {
      int v = GET_DATA_BYTE(line, x);
      mid += v > 40 && v < 215;
    }
  }
  return mid * 2 > all;
}

/* Where the page is a picture: gray tiles that lie together, as wide as the
   page. NULL: memory. */
static PIX *picture_mask(PIX *gray) {
  int w = pixGetWidth(gray), h = pixGetHeight(gray);
  PIX *tiles = pixCreate((w + TILE - 1) / TILE, (h + TILE - 1) / TILE, 1);
  if (tiles == NULL) return NULL;
  for (int y = 0; y * TILE < h; y++)
    for (int x = 0; x * TILE < w; x++)
      if (is_tile_gray(gray, x * TILE, y * TILE)) pixSetPixel(tiles, x, y, 1);
  PIX *together = pixOpenBrick(NULL, tiles, 2, 2);
  PIX *wide = together ? pixDilateBrick(NULL, together, 3, 3) : NULL;
  PIX *mask = wide ? pixExpandReplicate(wide, TILE) : NULL;
  pixDestroy(&tiles);
  pixDestroy(&together);
  pixDestroy(&wide);
  return mask;
}

PIX *scale_scan(PIX *gray) {
  PIX *text = pixThresholdToBinary(gray, text_level(gray));
  PIX *dithered = pixDitherToBinary(gray);
  PIX *mask = picture_mask(gray);
  if (text == NULL || dithered == NULL || mask == NULL ||
      pixCombineMasked(text, dithered, mask) != 0)
    pixDestroy(&text);
  pixDestroy(&dithered);
  pixDestroy(&mask);
  return text;
}
