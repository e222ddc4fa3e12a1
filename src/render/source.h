/* SPDX-License-Identifier: MIT
   A TIFF as it is read, page by page. For fax-render only. */
#ifndef FAX_RENDER_SOURCE_H
#define FAX_RENDER_SOURCE_H

#include "render/render.h"

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

/* Each page of the open file, as an exit status; another than 0 ends it. fd is
   borrowed. */
typedef int source_page_fn(struct source *s);
int source_each(struct render *r, int fd, source_page_fn *page);

/* What the tags of the page say; resolutions are known then. */
int source_tags(struct source *s);
bool source_is_bilevel(const struct source *s);
/* The page upright, 1 or 8 bits; NULL: no memory. After source_tags. */
int source_pixels(struct source *s, PIX **pix_out);

/* Says what is wrong with the page. */
int source_bad_page(struct source *s, const char *why);
int source_damaged(struct source *s);

#endif
