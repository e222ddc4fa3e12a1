/* SPDX-License-Identifier: MIT
   The pages that were made: one TIFF/F in MMR, one strip a page, and pictures
   of the pages with square pixels. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "render/render.h"

int out_open(struct render *r) {
  if (r->output == NULL) return 0;
  if (asprintf(&r->part, "%s.part", r->output) < 0) {
    r->part = NULL;
    return render_fail(r, RENDER_SYSTEM, "%s: out of memory", r->output);
  }
  int fd =
      open(r->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return render_fail(r, RENDER_SYSTEM, "%s: %s", r->output, strerror(errno));
  r->tiff = TIFFFdOpen(fd, r->part, "wm");
  if (r->tiff != NULL) return 0;
  close(fd);
  return render_fail(r, RENDER_SYSTEM, "%s: cannot be written", r->output);
}

static void set_tags(TIFF *t, PIX *page, double x_resolution,
                     double y_resolution) {
  TIFFSetField(t, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  TIFFSetField(t, TIFFTAG_IMAGEWIDTH, pixGetWidth(page));
  TIFFSetField(t, TIFFTAG_IMAGELENGTH, pixGetHeight(page));
  TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(t, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
  TIFFSetField(t, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, pixGetHeight(page));
  TIFFSetField(t, TIFFTAG_XRESOLUTION, x_resolution);
  TIFFSetField(t, TIFFTAG_YRESOLUTION, y_resolution);
  TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(t, TIFFTAG_SOFTWARE, "fax-render " FAX_VERSION);
}

static bool write_rows(TIFF *t, PIX *page) {
  int bytes = (pixGetWidth(page) + 7) / 8;
  uint8_t *row = malloc((size_t)bytes);
  bool ok = row != NULL;
  for (int y = 0; ok && y < pixGetHeight(page); y++) {
    const l_uint32 *line =
        pixGetData(page) + (size_t)y * (size_t)pixGetWpl(page);
    for (int x = 0; x < bytes; x++) row[x] = (uint8_t)GET_DATA_BYTE(line, x);
    ok = TIFFWriteScanline(t, row, (uint32_t)y, 0) >= 0;
  }
  free(row);
  return ok;
}

int out_code(TIFF *tiff, PIX *page, double x_resolution, double y_resolution) {
  set_tags(tiff, page, x_resolution, y_resolution);
  return write_rows(tiff, page) && TIFFWriteDirectory(tiff) ? 0 : RENDER_SYSTEM;
}

static int write_tiff(struct render *r, PIX *page) {
  TIFFSetField(r->tiff, TIFFTAG_PAGENUMBER, (int)r->pages,
               0); /* of who knows */
  if (out_code(r->tiff, page, 204.0, r->y_resolution) == 0) return 0;
  return render_fail(r, RENDER_SYSTEM, "%s: cannot be written, or is too large",
                     r->output);
}

/* Takes the picture, which is NULL when there was no memory. */
static int write_png(struct render *r, PIX *picture) {
  char *name = NULL;
  if (asprintf(&name, "%s/page-%03u.png", r->png, r->pages + 1) < 0) {
    pixDestroy(&picture);
    return render_fail(r, RENDER_SYSTEM, "%s: out of memory", r->png);
  }
  FILE *f = picture != NULL ? fopen(name, "wbe") : NULL;
  int rc = 0;
  if (f == NULL)
    rc = render_fail(r, RENDER_SYSTEM, "%s: %s", name, strerror(errno));
  else if (pixWriteStreamPng(f, picture, 0) != 0 || fflush(f) != 0)
    rc = render_fail(r, RENDER_SYSTEM, "%s: cannot be written", name);
  if (f != NULL && fclose(f) != 0 && rc == 0)
    rc = render_fail(r, RENDER_SYSTEM, "%s: cannot be written", name);
  pixDestroy(&picture);
  free(name);
  return rc;
}

int out_png(struct render *r, PIX *page, double aspect) {
  int height = (int)(pixGetHeight(page) * aspect + 0.5);
  return write_png(
      r, scale_gray(page, pixGetWidth(page), height > 0 ? height : 1));
}

/* As many rows as that, each as often or as rarely as it takes (takes). */
static PIX *set_rows(PIX *from, int rows) {
  PIX *to = from != NULL ? pixCreate(pixGetWidth(from), rows, 1) : NULL;
  for (int y = 0; to != NULL && y < rows; y++)
    memcpy(pixGetData(to) + (size_t)y * (size_t)pixGetWpl(to),
           pixGetData(from) + (size_t)(y * pixGetHeight(from) / rows) *
                                  (size_t)pixGetWpl(from),
           (size_t)pixGetWpl(to) * sizeof(l_uint32));
  pixDestroy(&from);
  return to;
}

/* How often what is less fine by that much is shown: of the resolutions that
   faxes have, one is twice another. */
static int times(double finer) {
  return finer >= 1.5 ? 2 : 1;
}

int out_pixels(struct render *r, PIX *page, double x_resolution,
               double y_resolution) {
  int across = times(y_resolution / x_resolution);
  int down = times(x_resolution / y_resolution);
  PIX *picture =
      set_rows(pixExpandReplicate(page, across), pixGetHeight(page) * down);
  if (picture != NULL)
    pixSetResolution(picture, (int)(x_resolution * across + 0.5),
                     (int)(y_resolution * down + 0.5));
  return write_png(r, picture);
}

int out_page(struct render *r, PIX *page) {
  int rc = 0;
  if (page == NULL)
    return render_fail(r, RENDER_BAD_DOCUMENT,
                       "%s: page %u needs more memory"
                       " than a page may",
                       r->file, r->pages + 1);
  if (r->pages >= RENDER_MOST_PAGES)
    rc = render_fail(r, RENDER_BAD_DOCUMENT, "%s: has more than %d pages",
                     r->file, RENDER_MOST_PAGES);
  if (rc == 0 && r->tiff != NULL) rc = write_tiff(r, page);
  if (rc == 0 && r->png != NULL) rc = out_png(r, page, 204.0 / r->y_resolution);
  pixDestroy(&page);
  r->pages++;
  return rc;
}

int out_close(struct render *r) {
  if (r->tiff == NULL) return 0;
  if (!TIFFFlush(r->tiff))
    return render_fail(r, RENDER_SYSTEM, "%s: cannot be written", r->output);
  TIFFClose(r->tiff);
  r->tiff = NULL;
  if (rename(r->part, r->output) != 0)
    return render_fail(r, RENDER_SYSTEM, "%s: %s", r->output, strerror(errno));
  free(r->part);
  r->part = NULL;
  return 0;
}

void out_drop(struct render *r) {
  if (r->tiff != NULL) TIFFClose(r->tiff);
  if (r->part != NULL) unlink(r->part);
  free(r->part);
}
