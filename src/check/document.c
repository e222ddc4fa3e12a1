/* SPDX-License-Identifier: MIT
   A document to send: pages of stripes as canonical TIFF/F; and how many pages
   a file has that came in. */
#include <string.h>
#include <tiffio.h>

#include "check/check.h"

enum { WIDTH = 1728, HEIGHT = 400 };

static bool write_page(TIFF *tiff, unsigned page, unsigned pages) {
  unsigned char row[WIDTH / 8];

  TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, HEIGHT);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 204.0);
  TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 98.0);
  TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  TIFFSetField(tiff, TIFFTAG_PAGENUMBER, page, pages);
  for (unsigned y = 0; y < HEIGHT; y++) {
    memset(row, y / 16 % 2 == 0 ? 0 : (int)(0xf0 >> page % 4), sizeof row);
    if (TIFFWriteScanline(tiff, row, y, 0) < 0) return false;
  }
  return TIFFWriteDirectory(tiff) != 0;
}

bool document_make(const char *path, unsigned pages) {
  TIFF *tiff = TIFFOpen(path, "w");
  bool made = tiff != NULL;

  for (unsigned i = 0; made && i < pages; i++)
    made = write_page(tiff, i, pages);
  if (tiff != NULL) TIFFClose(tiff);
  return made;
}

unsigned document_pages(const char *path) {
  TIFF *tiff = TIFFOpen(path, "r");
  unsigned pages = 0;

  if (tiff == NULL) return 0;
  do pages++;
  while (TIFFReadDirectory(tiff));
  TIFFClose(tiff);
  return pages;
}
