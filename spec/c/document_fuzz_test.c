/* SPDX-License-Identifier: MIT
   Documents with random damage: whatever a file holds, looking at it ends with
   an answer. The same seeds each time; FUZZ=n in the environment runs n files
   more than the usual ones. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "document/document.h"
#include "folder.h"
#include "pages.h"
#include "test.h"

enum { USUAL = 3000, LARGEST = 1 << 20 };

static char folder[FOLDER_SIZE];
static char sound[FOLDER_SIZE + 16], damaged[FOLDER_SIZE + 16];
static uint8_t bytes[LARGEST];
static size_t length;

static uint32_t state;

static uint32_t next(uint32_t below) {
  state = state * 1664525u + 1013904223u;
  return (uint32_t)((uint64_t)(state >> 8) * below >> 24);
}

static void load(void) {
  FILE *file = fopen(sound, "rb");
  assert_non_null(file);
  length = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  assert_in_range(length, 100, LARGEST - 1);
}

/* Values that size computations stumble over. */
static uint32_t nasty(void) {
  static const uint32_t values[] = {
      0,          1,          2,          8,          0x7f,   0x80,
      0xff,       0x100,      0x7fff,     0x8000,     0xffff, 0x10000,
      0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 1728,   1729};
  return values[next(sizeof values / sizeof *values)];
}

static void damage(uint8_t *copy, size_t *size) {
  for (uint32_t n = 1 + next(8); n > 0; n--) {
    size_t at = next((uint32_t)*size);
    /* Half of it where the directories are: at the end. */
    if (next(2) == 0 && *size > 600) at = *size - 1 - next(600);
    switch (next(4)) {
      case 0:
        copy[at] ^= (uint8_t)(1u << next(8));
        break;
      case 1:
        copy[at] = (uint8_t)next(256);
        break;
      case 2: {
        uint32_t value = nasty();
        if (at + sizeof value <= *size) memcpy(copy + at, &value, sizeof value);
        break;
      }
      default:
        if (next(20) == 0) *size = 1 + next((uint32_t)*size);
    }
  }
}

static void write_damaged(const uint8_t *copy, size_t size) {
  int fd = open(damaged, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, copy, size), size);
  close(fd);
}

/* Either it can be sent, with pages to send, or the error says why not. */
static void look(uint32_t seed) {
  struct document_info info;
  DWORD error = document_inspect(damaged, &info);
  if (error == ERROR_SUCCESS)
    assert_true(!info.canonical || info.pages > 0);
  else if (error != ERROR_INVALID_DATA || error_message()[0] == '\0')
    fail_msg("seed %u: error %u, \"%s\"", seed, error, error_message());
}

static void damaged_documents_have_an_answer(void **unused) {
  static uint8_t copy[LARGEST];
  const char *more = getenv("FUZZ");
  uint32_t runs =
      USUAL + (more != NULL ? (uint32_t)strtoul(more, NULL, 10) : 0);
  (void)unused;
  assert_true(folder_make(folder));
  snprintf(sound, sizeof sound, "%s/sound.tif", folder);
  snprintf(damaged, sizeof damaged, "%s/damaged.tif", folder);
  assert_true(pages_make(sound, PAGES_LETTER, 2, 120, 98));
  load();
  for (uint32_t seed = 1; seed <= runs; seed++) {
    size_t size = length;
    state = seed;
    memcpy(copy, bytes, length);
    damage(copy, &size);
    write_damaged(copy, size);
    look(seed);
  }
  unlink(sound);
  unlink(damaged);
  rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(damaged_documents_have_an_answer)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
