/* SPDX-License-Identifier: MIT
   How a page of a given size lies on paper: upright, as large as it fits, in
   the middle. */
#include <math.h>

#include "render/render.h"

/* Inches. Every paper is as wide as a fax row can be. */
#define PAPER_WIDTH 8.5

static const struct {
  double width, height;
} papers[] = {[PAPER_A4] = {210 / 25.4, 297 / 25.4},
              [PAPER_LETTER] = {8.5, 11},
              [PAPER_LEGAL] = {8.5, 14}};

/* The paper whose size, or else whose shape, is nearest. */
static enum render_paper nearest(double width, double height) {
  enum render_paper best = PAPER_A4;
  double least = INFINITY;
  for (enum render_paper p = PAPER_A4; p <= PAPER_LEGAL; p++) {
    double w = fabs(log(width / papers[p].width));
    double h = fabs(log(height / papers[p].height));
    double shape =
        fabs(log(height / width / (papers[p].height / papers[p].width)));
    double far = w < 0.03 && h < 0.03 ? w + h - 1 : shape;
    if (far < least) {
      least = far;
      best = p;
    }
  }
  return best;
}

struct sheet sheet_for(const struct render *r, double width, double height) {
  struct sheet s = {.turned = width > height};
  if (s.turned) {
    double swap = width;
    width = height;
    height = swap;
  }
  enum render_paper p =
      r->paper == PAPER_AUTO ? nearest(width, height) : r->paper;
  s.rows = (int)lround(papers[p].height * r->y_resolution);
  s.scale = fmin(PAPER_WIDTH / width, papers[p].height / height);
  return s;
}

PIX *sheet_place(const struct sheet *s, PIX *page) {
  if (s->turned) {
    PIX *turned = pixRotateOrth(page, 1);
    pixDestroy(&page);
    if (turned == NULL) return NULL;
    page = turned;
  }
  int w = pixGetWidth(page), h = pixGetHeight(page);
  PIX *sheet = pixCreate(RENDER_WIDTH, s->rows, 1);
  if (sheet != NULL)
    pixRasterop(sheet, (RENDER_WIDTH - w) / 2, (s->rows - h) / 2, w, h, PIX_SRC,
                page, 0, 0);
  pixDestroy(&page);
  return sheet;
}
