/* SPDX-License-Identifier: MIT
   document_prepare, document_publish and document_folder: good, odd and bad
   documents, with nothing left behind of any. */
#include "document_stage.h"

#include <signal.h>

static DWORD prepare(const char *file, const char *output, DWORD resolution,
                     DWORD paper, DWORD seconds, struct document_info *info,
                     bool *unchanged) {
  struct document_options options = {resolution, paper, {seconds, NULL, NULL}};
  return document_prepare(&file, 1, &options, output, info, unchanged);
}

static bool same_bytes(const char *a, const char *b) {
  FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
  int c = EOF, d = 0;
  while (f != NULL && g != NULL && (c = getc(f)) == (d = getc(g)) && c != EOF) {
  }
  if (f != NULL) fclose(f);
  if (g != NULL) fclose(g);
  return c == d;
}

static void canonical_is_copied(void **state) {
  static const char *const names[] = {
      "canonical-a4-fine.tif", "canonical-letter-standard.tif", "hundred.tif"};
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    const char *from = stage_document(names[i]), *to = stage_path("out.tif");
    struct document_info info;
    struct stat st;
    bool unchanged = false;
    assert_int_equal(prepare(from, to, 0, 0, 60, &info, &unchanged), 0);
    assert_true(unchanged);
    assert_true(info.canonical);
    assert_true(same_bytes(from, to));
    assert_int_equal(stat(to, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    stage_empty(stage_folder);
  }
}

static void others_become_canonical(void **state) {
  static const struct {
    const char *name;
    DWORD pages, rows_fine, rows_standard;
  } good[] = {
      {"three.pdf", 3, 2292, 1146},     {"letter.pdf", 3, 2156, 1078},
      {"landscape.pdf", 3, 2292, 1146}, {"three.ps", 3, 2292, 1146},
      {"scan.tif", 1, 2292, 1146},      {"gray.tif", 1, 2292, 1146},
      {"rgb.tif", 1, 2292, 1146},       {"landscape.tif", 1, 2292, 1146},
      {"wide-30000.tif", 1, 2744, 1372}};
  (void)state;
  for (size_t i = 0; i < 2 * sizeof good / sizeof *good; i++) {
    bool fine = i % 2 == 0, unchanged = true;
    const char *from = stage_document(good[i / 2].name);
    const char *to = stage_path("out.tif");
    struct document_info info;
    uint32_t rows = 0;
    assert_int_equal(
        prepare(from, to, fine ? FAX_RESOLUTION_FINE : FAX_RESOLUTION_STANDARD,
                0, 60, &info, &unchanged),
        0);
    assert_false(unchanged);
    assert_true(info.canonical);
    assert_int_equal(info.pages, good[i / 2].pages);
    assert_int_equal(info.y_resolution, fine ? 196 : 98);
    free(pages_read(to, 0, &rows));
    assert_int_equal(rows,
                     fine ? good[i / 2].rows_fine : good[i / 2].rows_standard);
    stage_no_child();
    assert_int_equal(stage_count(stage_folder), 2);
    stage_empty(stage_folder);
  }
}

/* The box of the test PDF: 100 by 50 points, at 72, 72 from below left. */
static void a_box_stays_where_it_is(void **state) {
  const char *from = stage_document("three.pdf"), *to = stage_path("out.tif");
  struct document_info info;
  uint32_t rows;
  (void)state;
  assert_int_equal(prepare(from, to, 0, 0, 60, &info, NULL), 0);
  uint8_t *p = pages_read(to, 2, &rows);
  assert_non_null(p);
  unsigned left = (1728 - 1681) / 2 + 203, top = 2292 - 196 - 136;
  assert_int_equal(stage_black(p, left + 3, top + 3, 276, 130), 100);
  assert_int_equal(stage_black(p, left - 20, top - 20, 17, 170), 0);
  assert_int_equal(stage_black(p, left + 286, top - 20, 17, 170), 0);
  assert_int_equal(stage_black(p, left, top - 20, 280, 17), 0);
  assert_int_equal(stage_black(p, left, top + 140, 280, 17), 0);
  free(p);
}

/* The box of the test scan: from a quarter, an eighth of the width wide. */
static void a_scan_keeps_its_shape(void **state) {
  const char *from = stage_document("scan.tif"), *to = stage_path("out.tif");
  struct document_info info;
  uint32_t rows;
  (void)state;
  assert_int_equal(prepare(from, to, 0, 0, 60, &info, NULL), 0);
  uint8_t *p = pages_read(to, 0, &rows);
  assert_non_null(p);
  unsigned left = (1728 - 1681) / 2 + 420, top = 573, width = 210, height = 202;
  assert_int_equal(stage_black(p, left + 3, top + 3, width - 6, height - 6),
                   100);
  assert_int_equal(stage_black(p, 0, 0, 1728, top - 3), 0);
  assert_int_equal(stage_black(p, 0, top + height + 3, 1728, 500), 0);
  assert_int_equal(stage_black(p, 0, top, left - 3, height), 0);
  free(p);
}

/* A gray wedge keeps its tones as shares of black. */
static void gray_is_dithered(void **state) {
  const char *from = stage_document("gray.tif"), *to = stage_path("out.tif");
  struct document_info info;
  uint32_t rows;
  (void)state;
  assert_int_equal(prepare(from, to, 0, 0, 60, &info, NULL), 0);
  uint8_t *p = pages_read(to, 0, &rows);
  assert_non_null(p);
  assert_in_range(stage_black(p, 1000, 573 - 20, 500, 40), 68, 82);
  assert_in_range(stage_black(p, 1000, 1146 - 20, 500, 40), 43, 57);
  assert_in_range(stage_black(p, 1000, 1719 - 20, 500, 40), 18, 32);
  assert_int_equal(stage_black(p, 60, 1000, 700, 1000), 0);
  free(p);
}

static void each_page_has_its_paper(void **state) {
  static const uint32_t rows[] = {2292, 2292, 2744};
  const char *from = stage_document("papers.ps"), *to = stage_path("out.tif");
  struct document_info info;
  (void)state;
  assert_int_equal(prepare(from, to, 0, 0, 60, &info, NULL), 0);
  assert_int_equal(info.pages, 3);
  for (unsigned i = 0; i < 3; i++) {
    uint32_t height = 0;
    uint8_t *p = pages_read(to, i, &height);
    assert_int_equal(height, rows[i]);
    if (i == 1) { /* turned right: below left is above left */
      unsigned left = (1728 - 1681) / 2 + 203;
      assert_int_equal(stage_black(p, left + 4, 200, 132, 264), 100);
    }
    free(p);
  }
  assert_int_equal(prepare(from, to, 0, FAX_PAPER_LETTER, 60, &info, NULL), 0);
  for (unsigned i = 0; i < 3; i++) {
    uint32_t height = 0;
    free(pages_read(to, i, &height));
    assert_int_equal(height, 2156);
  }
}

/* Canonical pages in a joined document keep their pixels. */
static void documents_are_joined(void **state) {
  char one[512], two[512], three[512];
  snprintf(one, sizeof one, "%s", stage_document("canonical-a4-fine.tif"));
  snprintf(two, sizeof two, "%s", stage_document("three.pdf"));
  snprintf(three, sizeof three, "%s",
           stage_document("canonical-legal-fine.tif"));
  const char *files[] = {one, two, three};
  const char *to = stage_path("out.tif");
  struct document_options options = {0, 0, {60, NULL, NULL}};
  struct document_info info;
  bool unchanged = true;
  (void)state;
  assert_int_equal(document_prepare(files, 3, &options, to, &info, &unchanged),
                   0);
  assert_false(unchanged);
  assert_int_equal(info.pages, 5);
  assert_true(info.canonical);
  assert_true(pages_same(one, 0, to, 0));
  assert_true(pages_same(three, 0, to, 4));
}

static void mixed_pages_get_one_resolution(void **state) {
  const char *from = stage_document("mixed.tif"), *to = stage_path("out.tif");
  struct document_info info;
  (void)state;
  assert_int_equal(prepare(from, to, 0, 0, 60, &info, NULL), 0);
  assert_true(info.canonical);
  assert_true(pages_same(from, 0, to, 0));
  uint32_t coarse_rows, rows;
  uint8_t *coarse = pages_read(from, 1, &coarse_rows);
  uint8_t *p = pages_read(to, 1, &rows);
  assert_int_equal(rows, coarse_rows * 2);
  for (uint32_t y = 0; y < rows; y++)
    assert_memory_equal(p + y * PAGES_STRIDE, coarse + y / 2 * PAGES_STRIDE,
                        PAGES_STRIDE);
  free(coarse);
  free(p);
}

static void bad_documents_say_why(void **state) {
  static const struct {
    const char *name, *why;
  } bad[] = {{"empty.tif", "is empty"},
             {"text.txt", "is not TIFF, PDF or PostScript"},
             {"truncated.tif", "cut off or damaged"},
             {"damaged.tif", "page 1 is damaged"},
             {"cyclic.tif", "loop"},
             {"tiny.tif", "smaller than 8 by 8 pixels"},
             {"huge.tif", "100 million pixels"},
             {"password.pdf", "asks for a password"},
             {"cut.pdf", "cut off"},
             {"nonsense.pdf", "damaged or has no page"},
             {"giant.pdf", "too large"},
             {"poster.pdf", "100 million pixels"},
             {"giant.ps", "too large"},
#ifndef __SANITIZE_THREAD__ /* a minute there, and the renderer has no thread \
                             */
             {"pages.ps", "more than 2000 pages"},
#endif
             {"reads.ps", "tries to use files"},
             {"writes.ps", "tries to use files"},
             {"wrong.ps", "damaged"},
             {"no-page.ps", "has no page"}};
  size_t fds = test_fds();
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct document_info info = {.pages = 77};
    const char *from = stage_document(bad[i].name);
    assert_int_equal(
        prepare(from, stage_path("out.tif"), 0, 0, 60, &info, NULL),
        ERROR_INVALID_DATA);
    assert_true(stage_says(bad[i].why));
    assert_true(stage_says(bad[i].name));
    assert_int_equal(info.pages, 77);
    stage_no_child();
    assert_int_equal(stage_count(stage_folder), 1); /* the document */
    stage_empty(stage_folder);
  }
  assert_int_equal(access("/tmp/fax-spec-written", F_OK), -1);
  assert_int_equal(test_fds(), fds);
}

/* The deadline ends what has no end, with all its processes. */
static void bombs_end(void **state) {
  static const char *const names[] = {"loop.ps", "bomb.pdf"};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    struct document_info info;
    const char *from = stage_document(names[i]);
    assert_int_equal(prepare(from, stage_path("out.tif"), 0, 0, 1, &info, NULL),
                     ERROR_INVALID_DATA);
    assert_true(stage_says("took too long"));
    stage_no_child();
    assert_int_equal(stage_count(stage_folder), 1);
    stage_empty(stage_folder);
  }
}

static void what_is_no_file_is_told(void **state) {
  struct document_info info;
  const char *out = stage_path("out.tif"), *fifo = stage_path("fifo");
  (void)state;
  assert_int_equal(prepare(stage_path("none.pdf"), out, 0, 0, 9, &info, NULL),
                   ERROR_FILE_NOT_FOUND);
  assert_int_equal(prepare("/tmp", out, 0, 0, 9, &info, NULL),
                   ERROR_INVALID_DATA);
  assert_true(stage_says("is a folder"));
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(prepare(fifo, out, 0, 0, 9, &info, NULL),
                   ERROR_INVALID_DATA);
  assert_true(stage_says("is not a regular file"));
  assert_int_equal(stage_count(stage_folder), 1);
}

/* As the administrator one could put a file in the place of a device. */
static void what_is_no_file_is_not_replaced(void **state) {
  struct document_info info;
  struct stat found;
  const char *fifo = stage_path("fifo");
  (void)state;
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(
      prepare(stage_document("three.pdf"), fifo, 0, 0, 60, &info, NULL),
      ERROR_ALREADY_EXISTS);
  assert_true(stage_says("is no regular file"));
  assert_int_equal(stat(fifo, &found), 0);
  assert_true(S_ISFIFO(found.st_mode));
  assert_int_equal(stage_count(stage_folder), 2);
}

/* A host that ignores SIGCHLD reaps the child before libfax can. */
static void an_ignored_sigchld_does_not_matter(void **state) {
  struct document_info info;
  const char *out = stage_path("out.tif");
  const char *good = stage_document("three.pdf");
  const char *bad = stage_document("password.pdf");
  (void)state;
  void (*before)(int) = signal(SIGCHLD, SIG_IGN);
  DWORD rc = prepare(good, out, 0, 0, 60, &info, NULL);
  DWORD rc_bad = prepare(bad, out, 0, 0, 60, &info, NULL);
  bool says = stage_says("asks for a password");
  signal(SIGCHLD, before);
  assert_int_equal(rc, 0);
  assert_int_equal(info.pages, 3);
  assert_int_equal(rc_bad, ERROR_INVALID_DATA);
  assert_true(says);
  stage_no_child();
}

static void a_missing_renderer_is_named(void **state) {
  struct document_info info;
  const char *from = stage_document("three.ps");
  (void)state;
  setenv("FAX_RENDER", "/nonexistent/fax-render", 1);
  assert_int_equal(prepare(from, stage_path("o.tif"), 0, 0, 9, &info, NULL),
                   ERROR_FILE_NOT_FOUND);
  assert_true(stage_says("/nonexistent/fax-render"));
  /* One that is no renderer. */
  setenv("FAX_RENDER", "/bin/false", 1);
  assert_int_equal(prepare(from, stage_path("o.tif"), 0, 0, 9, &info, NULL),
                   ERROR_GEN_FAILURE);
  assert_true(stage_says("broke down"));
  unsetenv("FAX_RENDER");
  stage_no_child();
}

static DWORD prepare_again(void *file) {
  struct document_info info;
  return prepare(file, stage_path("out.tif"), 0, 0, 60, &info, NULL);
}

static void memory_may_run_out(void **state) {
  char path[512];
  (void)state;
  snprintf(path, sizeof path, "%s", stage_document("three.tif"));
  sweep_with(prepare_again, path);
  snprintf(path, sizeof path, "%s", stage_document("three.ps"));
  sweep_with(prepare_again, path);
  assert_int_equal(stage_count(stage_folder), 3);
  stage_no_child();
}

static void a_name_is_given_once(void **state) {
  const char *a = stage_path("a"), *b = stage_path("b"), *c = stage_path("c");
  (void)state;
  assert_true(documents_text(a, "first"));
  assert_true(documents_text(b, "second"));
  assert_int_equal(document_publish(a, c), ERROR_SUCCESS);
  assert_int_equal(document_publish(b, c), ERROR_ALREADY_EXISTS);
  assert_int_equal(access(a, F_OK), -1);
  assert_int_equal(access(b, F_OK), 0);
  struct stat st;
  assert_int_equal(stat(c, &st), 0);
  assert_int_equal(st.st_size, 5);
  assert_int_equal(document_publish(stage_path("none"), c),
                   ERROR_FILE_NOT_FOUND);
}

static void folders_are_made_with_their_parents(void **state) {
  char one[512], two[512], path[600];
  struct stat st;
  (void)state;
  snprintf(one, sizeof one, "%s", stage_path("one"));
  snprintf(two, sizeof two, "%s", stage_path("one/two"));
  snprintf(path, sizeof path, "%s/three//", two);
  assert_int_equal(document_folder(path), ERROR_SUCCESS);
  assert_int_equal(document_folder(path), ERROR_SUCCESS);
  assert_int_equal(stat(two, &st), 0);
  assert_int_equal(st.st_mode & 07777, 0700);
  assert_int_equal(rmdir(path), 0);
  assert_true(documents_text(stage_path("one/two/f"), "x"));
  assert_int_equal(document_folder(stage_path("one/two/f")),
                   ERROR_INVALID_PARAMETER);
  assert_int_equal(unlink(stage_path("one/two/f")), 0);
  assert_int_equal(rmdir(two), 0);
  assert_int_equal(rmdir(one), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) \
  cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
      TEST(canonical_is_copied),
      TEST(others_become_canonical),
      TEST(a_box_stays_where_it_is),
      TEST(a_scan_keeps_its_shape),
      TEST(gray_is_dithered),
      TEST(each_page_has_its_paper),
      TEST(documents_are_joined),
      TEST(mixed_pages_get_one_resolution),
      TEST(bad_documents_say_why),
      TEST(bombs_end),
      TEST(what_is_no_file_is_told),
      TEST(what_is_no_file_is_not_replaced),
      TEST(an_ignored_sigchld_does_not_matter),
      TEST(a_missing_renderer_is_named),
      TEST(memory_may_run_out),
      TEST(a_name_is_given_once),
      TEST(folders_are_made_with_their_parents)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
