/* SPDX-License-Identifier: MIT
   Fax pages as they are: in a PDF, which takes MMR data unchanged, or as
   pictures with square pixels. Nothing is fitted to any paper. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "render/source.h"

/* GROUP4OPTIONS: rows that are not coded, which PDF does not have. */
#define UNCODED_ROWS 2

static bool passes(const struct source *s) {
  uint16_t compression = COMPRESSION_NONE;
  uint32_t options = 0;
  TIFFGetField(s->tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetField(s->tiff, TIFFTAG_GROUP4OPTIONS, &options);
  return compression == COMPRESSION_CCITTFAX4 &&
         (options & UNCODED_ROWS) == 0 && s->orientation <= 1 &&
         TIFFNumberOfStrips(s->tiff) == 1;
}

/* The data of the only strip; NULL: it cannot be read. */
static void *raw_strip(TIFF *tiff, size_t *size_out) {
  uint16_t order = FILLORDER_MSB2LSB;
  uint64_t size = TIFFRawStripSize64(tiff, 0);
  void *data = size > 0 && size < (1 << 30) ? malloc((size_t)size) : NULL;
  if (data == NULL) return NULL;
  tmsize_t got = TIFFReadRawStrip(tiff, 0, data, (tmsize_t)size);
  if (got != (tmsize_t)size) {
    free(data);
    return NULL;
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_FILLORDER, &order);
  if (order == FILLORDER_LSB2MSB) TIFFReverseBits(data, (tmsize_t)size);
  *size_out = (size_t)size;
  return data;
}

static int add(struct source *s, TIFF *tiff, struct pdf_image *image) {
  size_t size = 0;
  void *data = raw_strip(tiff, &size);
  if (data == NULL) return source_damaged(s);
  image->data = data;
  image->size = size;
  int rc = pdf_add(s->r, image);
  free(data);
  return rc;
}

static int pass(struct source *s) {
  struct pdf_image image = {
      .width = s->width,
      .height = s->height,
      .x_resolution = s->x_resolution,
      .y_resolution = s->y_resolution,
      .white_is_black = s->photometric == PHOTOMETRIC_MINISBLACK};
  return add(s, s->tiff, &image);
}

/* ---- what is coded in another way ---- */

static int code(struct source *s, PIX *page, int fd) {
  int own = dup(fd);
  TIFF *tiff = own >= 0 ? TIFFFdOpen(own, "page", "wm") : NULL;
  if (tiff == NULL) {
    if (own >= 0) close(own);
    return render_fail(s->r, RENDER_SYSTEM, "%s: no memory", s->r->file);
  }
  int rc = out_code(tiff, page, s->x_resolution, s->y_resolution);
  TIFFClose(tiff);
  if (rc == 0) return 0;
  return render_fail(s->r, RENDER_SYSTEM, "%s: no memory", s->r->file);
}

static int add_coded(struct source *s, PIX *page, int fd) {
  struct pdf_image image = {.width = (unsigned)pixGetWidth(page),
                            .height = (unsigned)pixGetHeight(page),
                            .x_resolution = s->x_resolution,
                            .y_resolution = s->y_resolution};
  int rc = code(s, page, fd);
  if (rc != 0) return rc;
  int own = lseek(fd, 0, SEEK_SET) == 0 ? dup(fd) : -1;
  TIFF *tiff = own >= 0 ? TIFFFdOpen(own, "page", "rm") : NULL;
  if (tiff == NULL) {
    if (own >= 0) close(own);
    return render_fail(s->r, RENDER_SYSTEM, "%s: no memory", s->r->file);
  }
  rc = add(s, tiff, &image);
  TIFFClose(tiff);
  return rc;
}

static int recode(struct source *s, PIX *page) {
  int fd = memfd_create("page", MFD_CLOEXEC);
  if (fd < 0)
    return render_fail(s->r, RENDER_SYSTEM, "%s: no memory", s->r->file);
  int rc = add_coded(s, page, fd);
  close(fd);
  return rc;
}

/* ---- pages ---- */

static int draw(struct source *s, bool into_pdf) {
  PIX *page = NULL;
  int rc = source_pixels(s, &page);
  if (rc != 0) return rc;
  if (page == NULL)
    return render_fail(s->r, RENDER_SYSTEM, "%s: no memory", s->r->file);
  if (into_pdf) rc = recode(s, page);
  if (rc == 0 && s->r->png != NULL)
    rc = s->r->page != 0
             ? out_pixels(s->r, page, s->x_resolution, s->y_resolution)
             : out_png(s->r, page, s->x_resolution / s->y_resolution);
  pixDestroy(&page);
  return rc;
}

static int exact_page(struct source *s) {
  if (s->r->page != 0 && TIFFCurrentDirectory(s->tiff) + 1u != s->r->page)
    return 0;
  int rc = source_tags(s);
  if (rc != 0) return rc;
  if (!source_is_bilevel(s)) return source_bad_page(s, "is no page of a fax");
  if (s->r->pages >= RENDER_MOST_PAGES)
    return source_bad_page(s, "is one too many");
  bool passed = s->r->pdf != NULL && passes(s);
  if (passed) rc = pass(s);
  if (rc == 0 && ((s->r->pdf != NULL && !passed) || s->r->png != NULL))
    rc = draw(s, s->r->pdf != NULL && !passed);
  s->r->pages++;
  return rc;
}

int exact_pages(struct render *r, int fd) {
  return source_each(r, fd, exact_page);
}
