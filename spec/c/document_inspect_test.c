/* SPDX-License-Identifier: MIT
   document_inspect: what is canonical, and what is wrong with all the rest.
   What is called canonical goes through spandsp's encoder pixel by pixel. */
#include "document_stage.h"

#include <fcntl.h>
#include <spandsp.h>

static void canonical_pages_are_known(void **state) {
  static const struct {
    const char *name;
    DWORD pages, y;
  } good[] = {{"canonical-a4-fine.tif", 1, 196},
              {"canonical-a4-standard.tif", 1, 98},
              {"canonical-letter-fine.tif", 1, 196},
              {"canonical-letter-standard.tif", 1, 98},
              {"canonical-legal-fine.tif", 1, 196},
              {"canonical-legal-standard.tif", 1, 98},
              {"three.tif", 3, 98},
              {"hundred.tif", 100, 98}};
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    struct document_info info;
    struct stat st;
    const char *path = stage_document(good[i].name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(document_inspect(path, &info), ERROR_SUCCESS);
    assert_true(info.canonical);
    assert_int_equal(info.pages, good[i].pages);
    assert_int_equal(info.y_resolution, good[i].y);
    assert_int_equal(info.bytes, st.st_size);
  }
}

static void others_are_not(void **state) {
  static const char *const names[] = {"mixed.tif", "scan.tif",      "gray.tif",
                                      "rgb.tif",   "landscape.tif", "tiny.tif"};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct document_info info;
    assert_int_equal(document_inspect(stage_document(names[i]), &info),
                     ERROR_SUCCESS);
    assert_false(info.canonical);
    assert_int_equal(info.pages, i == 0 ? 2 : 1);
  }
}

static void bad_files_say_why(void **state) {
  static const struct {
    const char *name, *why;
  } bad[] = {{"empty.tif", "is empty"},
             {"text.txt", "is not a TIFF"},
             {"truncated.tif", "cut off or damaged at page 1"},
             {"header-only.tif", "cut off or damaged at page 1"},
             {"damaged.tif", "page 1 is damaged"},
             {"cyclic.tif", "form a loop"},
             {"selfish.tif", "form a loop"},
             {"huge.tif", "100 million pixels"},
             {"pages-10001.tif", "more than 10000 pages"}};
  size_t fds = test_fds();
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct document_info info = {.pages = 77};
    assert_int_equal(document_inspect(stage_document(bad[i].name), &info),
                     ERROR_INVALID_DATA);
    assert_true(stage_says(bad[i].why));
    assert_true(stage_says(bad[i].name));
    assert_int_equal(info.pages, 77); /* written on success only */
  }
  assert_int_equal(test_fds(), fds);
}

/* Every cut of a file is an error or whole, and never a crash. */
static void every_cut_is_seen(void **state) {
  const char *whole = stage_document("three.tif"), *cut = stage_path("cut.tif");
  struct document_info info;
  struct stat st;
  (void)state;
  assert_int_equal(stat(whole, &st), 0);
  for (off_t size = 1; size < st.st_size - 16; size += 997) {
    assert_true(documents_head(whole, cut, (size_t)size));
    assert_int_equal(document_inspect(cut, &info), ERROR_INVALID_DATA);
  }
}

/* So many white rows, a bit each, and the end of the page behind them. */
static const char *white_rows(uint32_t rows, uint32_t height) {
  const char *path = stage_path("white.tif");
  unsigned char codes[128] = {0};
  uint32_t bits = 0;
  for (; bits < rows; bits++) codes[bits / 8] |= 0x80u >> bits % 8;
  for (uint32_t end = bits + 24; bits < end; bits++)
    if ((end - bits) % 12 == 1) codes[bits / 8] |= 0x80u >> bits % 8;
  TIFF *tiff = TIFFOpen(path, "w");
  assert_non_null(tiff);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 1728);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, height);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  assert_int_equal(TIFFWriteRawStrip(tiff, 0, codes, bits / 8 + 1),
                   bits / 8 + 1);
  TIFFClose(tiff);
  return path;
}

static void an_end_before_the_last_row_is_seen(void **state) {
  struct document_info info;
  (void)state;
  assert_int_equal(document_inspect(white_rows(600, 600), &info),
                   ERROR_SUCCESS);
  for (uint32_t rows = 0; rows < 599; rows += 23)
    assert_int_equal(document_inspect(white_rows(rows, 600), &info),
                     ERROR_INVALID_DATA);
}

static void what_is_no_file_is_told(void **state) {
  struct document_info info;
  const char *fifo = stage_path("fifo");
  (void)state;
  assert_int_equal(document_inspect(stage_path("none"), &info),
                   ERROR_FILE_NOT_FOUND);
  assert_true(stage_says("no such file"));
  assert_int_equal(document_inspect(stage_folder, &info), ERROR_INVALID_DATA);
  assert_true(stage_says("is a folder"));
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(document_inspect(fifo, &info), ERROR_INVALID_DATA);
  assert_true(stage_says("is not a regular file"));
  assert_int_equal(document_inspect("/dev/zero", &info), ERROR_INVALID_DATA);
  assert_true(stage_says("is not a regular file"));
}

static DWORD inspect(void *path) {
  struct document_info info;
  return document_inspect(path, &info);
}

static void memory_may_run_out(void **state) {
  char path[512];
  (void)state;
  snprintf(path, sizeof path, "%s", stage_document("three.tif"));
  sweep_with(inspect, path);
}

/* ---- the line ---- */

struct line {
  const uint8_t *pixels;
  uint32_t rows, bad;
};

static int on_row(void *arg, const uint8_t row[], size_t length) {
  struct line *l = arg;
  if (length == 0) return 0;
  if (length != PAGES_STRIDE ||
      memcmp(row, l->pixels + (size_t)l->rows * PAGES_STRIDE, length) != 0)
    l->bad++;
  l->rows++;
  return 0;
}

/* Sends the first page through spandsp's encoder and decoder. */
static void send_page(const char *path, int encoding) {
  uint32_t height = 0;
  uint8_t *pixels = pages_read(path, 0, &height), chunk[256];
  struct line l = {.pixels = pixels};
  int n;
  assert_non_null(pixels);
  t4_tx_state_t *tx = t4_tx_init(NULL, path, -1, -1);
  t4_rx_state_t *rx =
      t4_rx_init(NULL, stage_path("rx.tif"), T4_COMPRESSION_ITU_T6);
  assert_non_null(tx);
  assert_non_null(rx);
  t4_tx_set_tx_encoding(tx, encoding);
  assert_int_equal(t4_tx_start_page(tx), 0);
  assert_int_equal(t4_tx_get_image_width(tx), PAGES_WIDTH);
  t4_rx_set_rx_encoding(rx, encoding);
  t4_rx_set_image_width(rx, PAGES_WIDTH);
  t4_rx_set_row_write_handler(rx, on_row, &l);
  t4_rx_start_page(rx);
  do {
    n = t4_tx_get_chunk(tx, chunk, sizeof chunk);
    t4_rx_put_chunk(rx, chunk, n);
  } while (n == (int)sizeof chunk);
  t4_rx_end_page(rx);
  assert_int_equal(l.rows, height);
  assert_int_equal(l.bad, 0);
  t4_rx_free(rx);
  t4_tx_free(tx);
  free(pixels);
}

/* DOC-2 */
static void canonical_goes_to_the_line(void **state) {
  static const struct documents_image kinds[] = {
      {1728, 600, 1, 1, COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISWHITE, 204, 196,
       false},
      {1728, 600, 1, 1, COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISBLACK, 200, 200,
       false},
      {1728, 600, 1, 1, COMPRESSION_CCITTFAX3, PHOTOMETRIC_MINISWHITE, 204, 98,
       false},
      {1728, 600, 1, 1, COMPRESSION_CCITTRLE, PHOTOMETRIC_MINISWHITE, 203, 100,
       false},
      {1728, 600, 1, 1, COMPRESSION_NONE, PHOTOMETRIC_MINISBLACK, 204, 196,
       false},
      {1728, 8, 1, 1, COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISWHITE, 204, 196,
       false},
      {1728, 20000, 1, 1, COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISWHITE, 204,
       196, false}};
  const char *path = stage_path("kind.tif");
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct document_info info;
    assert_true(documents_image(path, &kinds[i]));
    assert_int_equal(document_inspect(path, &info), ERROR_SUCCESS);
    assert_true(info.canonical);
    send_page(path, T4_COMPRESSION_ITU_T6);
    send_page(path, T4_COMPRESSION_ITU_T4_1D);
  }
}

/* DOC-2 */
static void near_misses_are_not_canonical(void **state) {
  static const struct documents_image kinds[] = {
      {1727, 600, 1, 1, COMPRESSION_CCITTFAX4, 0, 204, 196, false},
      {1728, 7, 1, 1, COMPRESSION_CCITTFAX4, 0, 204, 196, false},
      {1728, 20001, 1, 1, COMPRESSION_CCITTFAX4, 0, 204, 196, false},
      {1728, 600, 1, 1, COMPRESSION_CCITTFAX4, 0, 300, 300, false},
      {1728, 600, 1, 1, COMPRESSION_CCITTFAX4, 0, 204, 391, false},
      {1728, 600, 1, 1, COMPRESSION_CCITTFAX4, 0, 0, 0, false},
      {1728, 600, 1, 1, COMPRESSION_LZW, 0, 204, 196, false},
      {1728, 600, 8, 1, COMPRESSION_NONE, 1, 204, 196, false}};
  const char *path = stage_path("kind.tif");
  (void)state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct document_info info;
    assert_true(documents_image(path, &kinds[i]));
    assert_int_equal(document_inspect(path, &info), ERROR_SUCCESS);
    assert_false(info.canonical);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) \
  cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
      TEST(canonical_pages_are_known),
      TEST(others_are_not),
      TEST(bad_files_say_why),
      TEST(every_cut_is_seen),
      TEST(what_is_no_file_is_told),
      TEST(memory_may_run_out),
      TEST(canonical_goes_to_the_line),
      TEST(near_misses_are_not_canonical),
      TEST(an_end_before_the_last_row_is_seen)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
