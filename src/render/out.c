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

static void set_tags(struct render *r, PIX *page) {
  TIFF *t = r->tiff;
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
  TIFFSetField(t, TIFFTAG_XRESOLUTION, 204.0);
  TIFFSetField(t, TIFFTAG_YRESOLUTION, (double)r->y_resolution);
  TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(t, TIFFTAG_PAGENUMBER, (int)r->pages, 0); /* of who knows */
  TIFFSetField(t, TIFFTAG_SOFTWARE, "fax-render " FAX_VERSION);
}

static int write_tiff(struct render *r, PIX *page) {
  uint8_t row[RENDER_WIDTH / 8];
  set_tags(r, page);
  for (int y = 0; y < pixGetHeight(page); y++) {
    const l_uint32 *line =
        pixGetData(page) + (size_t)y * (size_t)pixGetWpl(page);
    for (int x = 0; x < RENDER_WIDTH / 8; x++)
      row[x] = (uint8_t)GET_DATA_BYTE(line, x);
    if (TIFFWriteScanline(r->tiff, row, (uint32_t)y, 0) < 0) goto failed;
  }
  if (TIFFWriteDirectory(r->tiff)) return 0;
failed:
  return render_fail(r, RENDER_SYSTEM, "%s: cannot be written, or is too large",
                     r->output);
}

static int write_png(struct render *r, PIX *page) {
  char *name = NULL;
  int height = (int)(pixGetHeight(page) * (204.0 / r->y_resolution) + 0.5);
  if (asprintf(&name, "%s/page-%03u.png", r->png, r->pages + 1) < 0)
    return render_fail(r, RENDER_SYSTEM, "%s: out of memory", r->png);
  PIX *square = scale_gray(page, RENDER_WIDTH, height);
  FILE *f = square != NULL ? fopen(name, "wbe") : NULL;
  int rc = 0;
  if (f == NULL)
    rc = render_fail(r, RENDER_SYSTEM, "%s: %s", name, strerror(errno));
  else if (pixWriteStreamPng(f, square, 0) != 0 || fflush(f) != 0)
    rc = render_fail(r, RENDER_SYSTEM, "%s: cannot be written", name);
  if (f != NULL && fclose(f) != 0 && rc == 0)
    rc = render_fail(r, RENDER_SYSTEM, "%s: cannot be written", name);
  pixDestroy(&square);
  free(name);
  return rc;
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
  if (rc == 0 && r->png != NULL) rc = write_png(r, page);
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
