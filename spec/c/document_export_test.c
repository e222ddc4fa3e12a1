/* SPDX-License-Identifier: MIT
   FaxExportDocument: a PDF has the data of the pages as it was, their true
   size, and, drawn by Ghostscript, their pixels; pictures and TIFF. */
#include "document_stage.h"

#include <fax/fax_archive.h>

static struct fax_rendered *export(const char *file, const char *output) {
  struct fax_export ask = {.size = sizeof ask, .file = file, .output = output};
  struct fax_rendered *done = NULL;
  return FaxExportDocument(&ask, &done) ? done : NULL;
}

static void exported(const char *file, const char *output, DWORD pages) {
  struct fax_rendered *r = export(file, output);
  if (r == NULL) fail_msg("%s", FaxGetLastErrorMessage());
  assert_int_equal(r->page_count, pages);
  FaxFreeBuffer(r);
}

/* ---- faxes ---- */

struct form {
  uint16_t compression, order, photometric;
  uint32_t options; /* of MH and MR */
  uint32_t strip;   /* rows; 0: one strip */
  double y_dpi;
  uint32_t height;
};

static void set_form(TIFF *t, const struct form *f, unsigned page) {
  pages_set_tags(t, f->height, f->y_dpi, page, 2);
  TIFFSetField(t, TIFFTAG_COMPRESSION, f->compression);
  TIFFSetField(t, TIFFTAG_FILLORDER, f->order);
  TIFFSetField(t, TIFFTAG_PHOTOMETRIC, f->photometric);
  if (f->compression == COMPRESSION_CCITTFAX3)
    TIFFSetField(t, TIFFTAG_GROUP3OPTIONS, f->options);
  if (f->strip != 0) TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, f->strip);
}

/* Two pages, a letter and a halftone. */
static const char *make(const char *name, const struct form *f) {
  const char *path = stage_path(name);
  for (unsigned page = 0; page < 2; page++) {
    uint8_t row[PAGES_STRIDE];
    TIFF *t = TIFFOpen(path, page == 0 ? "w" : "a");
    assert_non_null(t);
    set_form(t, f, page);
    for (uint32_t y = 0; y < f->height; y++) {
      pages_row(page == 0 ? PAGES_LETTER : PAGES_DENSE, page, y, f->height,
                row);
      for (size_t x = 0;
           f->photometric == PHOTOMETRIC_MINISBLACK && x < sizeof row; x++)
        row[x] = (uint8_t)~row[x];
      assert_int_equal(TIFFWriteScanline(t, row, y, 0), 1);
    }
    TIFFClose(t);
  }
  return path;
}

/* ---- PDFs ---- */

static char *read_all(const char *path, size_t *size) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  char *bytes = malloc(4 << 20);
  *size = fread(bytes, 1, 4 << 20, f);
  fclose(f);
  return bytes;
}

/* The strip of the page, its first bit first. */
static void *strip(const char *path, unsigned page, size_t *size) {
  uint16_t order = 0;
  TIFF *t = TIFFOpen(path, "rm");
  assert_int_equal(TIFFSetDirectory(t, (tdir_t)page), 1);
  assert_int_equal(TIFFNumberOfStrips(t), 1);
  *size = (size_t)TIFFRawStripSize(t, 0);
  void *data = malloc(*size);
  assert_int_equal(TIFFReadRawStrip(t, 0, data, (tmsize_t)*size), *size);
  TIFFGetField(t, TIFFTAG_FILLORDER, &order);
  if (order == FILLORDER_LSB2MSB) TIFFReverseBits(data, (tmsize_t)*size);
  TIFFClose(t);
  return data;
}

static bool has_strip(const char *pdf, const char *fax, unsigned page) {
  size_t size, length;
  char *bytes = read_all(pdf, &length);
  void *data = strip(fax, page, &size);
  bool there = memmem(bytes, length, data, size) != NULL;
  free(data);
  free(bytes);
  return there;
}

static bool has_text(const char *path, const char *text) {
  size_t length;
  char *bytes = read_all(path, &length);
  bool there = memmem(bytes, length, text, strlen(text)) != NULL;
  free(bytes);
  return there;
}

/* One pixel of the fax is one of the drawing. */
static const char *draw(const char *pdf, double y_dpi) {
  const char *to = stage_path("drawn.tif");
  char command[1400];
  snprintf(command, sizeof command,
           "gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=tiffg4 -r204x%.0f "
           "-sOutputFile=%s %s",
           y_dpi, to, pdf);
  assert_int_equal(system(command), 0);
  return to;
}

static void shows(const char *pdf, const char *fax, double y_dpi) {
  const char *drawn = draw(pdf, y_dpi);
  assert_int_equal(pages_count(drawn), 2);
  for (unsigned page = 0; page < 2; page++)
    assert_true(pages_same(fax, page, drawn, page));
  unlink(drawn);
}

/* Of each coding; what is MMR in one strip is not touched. */
static void a_pdf_shows_the_pages(void **state) {
  enum { MH = COMPRESSION_CCITTFAX3, MMR = COMPRESSION_CCITTFAX4 };
  enum { FIRST = FILLORDER_MSB2LSB, LAST = FILLORDER_LSB2MSB };
  enum { WHITE = PHOTOMETRIC_MINISWHITE, BLACK = PHOTOMETRIC_MINISBLACK };
  static const struct form forms[] = {
      {MMR, FIRST, WHITE, 0, 0, 196, PAGES_A4_FINE},
      {MMR, LAST, WHITE, 0, 0, 98, PAGES_A4_STANDARD},
      {MMR, LAST, BLACK, 0, 0, 196, 500},
      {MMR, FIRST, WHITE, 0, 100, 196, 500},
      {MH, LAST, WHITE, 0, 0, 98, 500},
      {MH, FIRST, WHITE, GROUP3OPT_2DENCODING, 0, 196, 500},
      {MH, FIRST, BLACK, GROUP3OPT_FILLBITS, 64, 391, 500},
      {COMPRESSION_NONE, FIRST, WHITE, 0, 0, 196, 500}};
  (void)state;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    const char *fax = make("fax.tif", &forms[i]);
    const char *pdf = stage_path("out.pdf");
    bool passed = forms[i].compression == MMR && forms[i].strip == 0;
    exported(fax, pdf, 2);
    shows(pdf, fax, forms[i].y_dpi);
    for (unsigned page = 0; passed && page < 2; page++)
      assert_true(has_strip(pdf, fax, page));
    assert_int_equal(stage_count(stage_folder), 2);
  }
}

/* 1728 pixels at 204 and 1143 rows at 98 an inch, in points of 1/72 inch. */
static void a_pdf_has_the_true_size(void **state) {
  static const struct form form = {COMPRESSION_CCITTFAX4,
                                   FILLORDER_LSB2MSB,
                                   PHOTOMETRIC_MINISWHITE,
                                   0,
                                   0,
                                   98,
                                   PAGES_A4_STANDARD};
  (void)state;
  const char *pdf = stage_path("OUT.PDF");
  exported(make("fax.tif", &form), pdf, 2);
  assert_true(has_text(pdf, "/MediaBox [ 0 0 609.8824 839.7551 ]"));
  assert_true(has_text(pdf, "/Columns 1728"));
  assert_true(has_text(pdf, "/Rows 1143"));
}

/* Wider paper than A4, of a fax machine that has it. */
static void a_wide_page_stays_wide(void **state) {
  uint8_t row[256];
  const char *fax = stage_path("wide.tif");
  (void)state;
  TIFF *t = TIFFOpen(fax, "w");
  pages_set_tags(t, 300, 196, 0, 1);
  TIFFSetField(t, TIFFTAG_IMAGEWIDTH, 2048);
  for (uint32_t y = 0; y < 300; y++) {
    memset(row, y % 50 < 9 ? 0xf0 : 0, sizeof row);
    assert_int_equal(TIFFWriteScanline(t, row, y, 0), 1);
  }
  TIFFClose(t);
  const char *pdf = stage_path("wide.pdf");
  exported(fax, pdf, 1);
  assert_true(has_text(pdf, "/MediaBox [ 0 0 722.8235 110.2041 ]"));
  assert_true(has_strip(pdf, fax, 0));
  struct fax_rendered *r = export(fax, stage_path("wide.png"));
  assert_non_null(r);
  assert_int_equal(r->pages[0].width, 2048);
  assert_string_equal(r->pages[0].png, stage_path("wide.png"));
  assert_null(r->output);
  FaxFreeBuffer(r);
}

/* ---- pictures, TIFF ---- */

static void pictures_go_into_a_folder(void **state) {
  static const struct form form = {COMPRESSION_CCITTFAX4,
                                   FILLORDER_LSB2MSB,
                                   PHOTOMETRIC_MINISWHITE,
                                   0,
                                   0,
                                   98,
                                   300};
  char folder[512];
  uint32_t height;
  uint8_t head[24];
  (void)state;
  snprintf(folder, sizeof folder, "%s", stage_path("pictures"));
  struct fax_rendered *r = export(make("fax.tif", &form), folder);
  assert_non_null(r);
  assert_int_equal(r->page_count, 2);
  assert_int_equal(stage_count(folder), 2);
  FILE *f = fopen(r->pages[1].png, "rb");
  assert_non_null(f);
  assert_int_equal(fread(head, 1, sizeof head, f), sizeof head);
  fclose(f);
  height = (uint32_t)head[22] << 8 | head[23];
  assert_int_equal(height, 624); /* 300 * 204 / 98 */
  FaxFreeBuffer(r);
  stage_empty(folder);
  rmdir(folder);
}

static void a_tiff_is_a_copy(void **state) {
  size_t a, b;
  (void)state;
  const char *fax = stage_document("canonical-a4-standard.tif");
  const char *to = stage_path("copy.tiff");
  struct fax_rendered *r = export(fax, to);
  assert_non_null(r);
  assert_true(r->unchanged);
  assert_string_equal(r->output, to);
  FaxFreeBuffer(r);
  char *from = read_all(fax, &a), *copy = read_all(to, &b);
  assert_int_equal(a, b);
  assert_memory_equal(from, copy, a);
  free(from);
  free(copy);
}

/* ---- what cannot be ---- */

static void fails(const char *file, const char *output, DWORD error,
                  const char *why) {
  assert_null(export(file, output));
  assert_int_equal(FaxGetLastError(), error);
  if (strstr(FaxGetLastErrorMessage(), why) == NULL)
    fail_msg("%s", FaxGetLastErrorMessage());
}

static void a_failure_leaves_nothing(void **state) {
  static const struct form form = {COMPRESSION_CCITTFAX4,
                                   FILLORDER_LSB2MSB,
                                   PHOTOMETRIC_MINISWHITE,
                                   0,
                                   0,
                                   98,
                                   300};
  struct fax_rendered *r;
  (void)state;
  const char *fax = make("fax.tif", &form);
  const char *pdf = stage_document("three.pdf");
  fails(fax, stage_path("out.png"), ERROR_INVALID_PARAMETER, "2 pages");
  fails(pdf, stage_path("out.pdf"), ERROR_INVALID_DATA, "three.pdf");
  fails(stage_path("none.tif"), stage_path("out.pdf"), ERROR_FILE_NOT_FOUND,
        "none.tif");
  fails(fax, stage_path("no/out.pdf"), ERROR_FILE_NOT_FOUND, "no/out.pdf");
  fails(NULL, "out.pdf", ERROR_INVALID_PARAMETER, "file");
  fails(fax, "", ERROR_INVALID_PARAMETER, "output");
  assert_false(FaxExportDocument(NULL, &r));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  assert_int_equal(stage_count(stage_folder), 2);
  stage_no_child();
}

/* What is there is replaced when the new one is whole. */
static void an_output_is_replaced(void **state) {
  (void)state;
  const char *fax = stage_document("canonical-a4-standard.tif");
  const char *pdf = stage_path("out.pdf");
  FILE *f = fopen(pdf, "w");
  fputs("of somebody", f);
  fclose(f);
  exported(fax, pdf, 1);
  assert_false(has_text(pdf, "of somebody"));
  assert_true(has_text(pdf, "%PDF-"));
}

static DWORD export_again(void *file) {
  struct fax_rendered *r = export(file, stage_path("out.pdf"));
  if (r == NULL) return FaxGetLastError();
  FaxFreeBuffer(r);
  return ERROR_SUCCESS;
}

static void memory_may_run_out(void **state) {
  char path[512];
  (void)state;
  snprintf(path, sizeof path, "%s",
           stage_document("canonical-a4-standard.tif"));
  sweep_with(export_again, path);
  assert_int_equal(stage_count(stage_folder), 2);
}

int main(void) {
#define TEST(name) \
  cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_pdf_shows_the_pages),  TEST(a_pdf_has_the_true_size),
      TEST(a_wide_page_stays_wide), TEST(pictures_go_into_a_folder),
      TEST(a_tiff_is_a_copy),       TEST(a_failure_leaves_nothing),
      TEST(an_output_is_replaced),  TEST(memory_may_run_out)};
  TIFFSetWarningHandler(NULL);
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
