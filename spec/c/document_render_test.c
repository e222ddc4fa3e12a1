/* SPDX-License-Identifier: MIT
   FaxRenderDocument: the description, the TIFF/F and the pictures. */
#include "document_stage.h"

#include <fax/fax_service.h>

static struct fax_rendered *render(const char *file, DWORD resolution,
                                   const char *output, const char *png) {
  struct fax_render ask = {.size = sizeof ask,
                           .files = &file,
                           .file_count = 1,
                           .resolution = resolution,
                           .output = output,
                           .png = png};
  struct fax_rendered *done = NULL;
  return FaxRenderDocument(&ask, &done) ? done : NULL;
}

/* Width and height as the head of the PNG says. */
static void png_size(const char *path, uint32_t *width, uint32_t *height) {
  uint8_t h[24];
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  assert_int_equal(fread(h, 1, sizeof h, f), sizeof h);
  fclose(f);
  assert_memory_equal(h, "\x89PNG\r\n\x1a\n", 8);
  *width = (uint32_t)h[16] << 24 | (uint32_t)h[17] << 16 | h[18] << 8 | h[19];
  *height = (uint32_t)h[20] << 24 | (uint32_t)h[21] << 16 | h[22] << 8 | h[23];
}

static void pages_are_described(void **state) {
  const char *from = stage_document("three.pdf"), *to = stage_path("out.tif");
  char png[512];
  (void)state;
  snprintf(png, sizeof png, "%s", stage_path("png"));
  struct fax_rendered *r = render(from, FAX_RESOLUTION_STANDARD, to, png);
  assert_non_null(r);
  assert_int_equal(r->size, sizeof *r);
  assert_int_equal(r->page_count, 3);
  assert_string_equal(r->output, to);
  assert_false(r->unchanged);
  assert_int_equal(stage_count(png), 3);
  for (DWORD i = 0; i < 3; i++) {
    uint32_t w, h;
    char name[600];
    snprintf(name, sizeof name, "%s/page-%03u.png", png, i + 1);
    assert_int_equal(r->pages[i].number, i + 1);
    assert_int_equal(r->pages[i].width, 1728);
    assert_int_equal(r->pages[i].height, 1146);
    assert_int_equal(r->pages[i].x_resolution, 204);
    assert_int_equal(r->pages[i].y_resolution, 98);
    assert_string_equal(r->pages[i].png, name);
    png_size(name, &w, &h);
    assert_int_equal(w, 1728);
    assert_int_equal(h, 2386); /* square pixels */
  }
  FaxFreeBuffer(r);
  assert_int_equal(pages_count(to), 3);
  assert_int_equal(stage_count(stage_folder), 3);
  stage_empty(png);
  rmdir(png);
  stage_no_child();
}

static void canonical_is_unchanged(void **state) {
  const char *from = stage_document("canonical-a4-standard.tif");
  (void)state;
  struct fax_rendered *r = render(from, 0, NULL, stage_folder);
  assert_non_null(r);
  assert_true(r->unchanged);
  assert_null(r->output);
  assert_int_equal(r->page_count, 1);
  assert_int_equal(r->pages[0].height, PAGES_A4_STANDARD);
  assert_int_equal(stage_count(stage_folder), 2);
  FaxFreeBuffer(r);
  r = render(from, 0, NULL, NULL);
  assert_non_null(r);
  assert_null(r->pages[0].png);
  FaxFreeBuffer(r);
}

static void a_failure_leaves_nothing(void **state) {
  const char *from = stage_document("password.pdf");
  (void)state;
  assert_null(render(from, 0, stage_path("out.tif"), stage_folder));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_DATA);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "asks for a password"));
  assert_int_equal(stage_count(stage_folder), 1);
  /* The folder of the output is not there: nothing is made elsewhere. */
  from = stage_document("three.ps");
  assert_null(render(from, 0, stage_path("none/out.tif"), NULL));
  assert_int_equal(FaxGetLastError(), ERROR_FILE_NOT_FOUND);
  assert_int_equal(stage_count(stage_folder), 2);
}

static void wrong_parameters_are_refused(void **state) {
  const char *file = "x", *none = NULL;
  struct fax_render good = {
      .size = sizeof good, .files = &file, .file_count = 1};
  struct fax_rendered *out = NULL;
  struct fax_render bad[5];
  (void)state;
  for (size_t i = 0; i < 5; i++) bad[i] = good;
  bad[0].size = 4;
  bad[1].file_count = 0;
  bad[2].files = &none;
  bad[3].resolution = 2;
  bad[4].paper = 4;
  for (size_t i = 0; i < 5; i++) {
    assert_false(FaxRenderDocument(&bad[i], &out));
    assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  }
  assert_false(FaxRenderDocument(NULL, &out));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  assert_false(FaxRenderDocument(&good, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
}

static DWORD render_again(void *file) {
  struct fax_rendered *r =
      render(file, 0, stage_path("out.tif"), stage_path("png"));
  if (r == NULL) return FaxGetLastError();
  FaxFreeBuffer(r);
  return ERROR_SUCCESS;
}

static void memory_may_run_out(void **state) {
  char path[512];
  (void)state;
  snprintf(path, sizeof path, "%s",
           stage_document("canonical-a4-standard.tif"));
  sweep_with(render_again, path);
  assert_int_equal(stage_count(stage_folder), 3);
  assert_int_equal(stage_count(stage_path("png")), 1);
  stage_empty(stage_path("png"));
  rmdir(stage_path("png"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) \
  cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
      TEST(pages_are_described), TEST(canonical_is_unchanged),
      TEST(a_failure_leaves_nothing), TEST(wrong_parameters_are_refused),
      TEST(memory_may_run_out)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
