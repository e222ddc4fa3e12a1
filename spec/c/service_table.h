/* SPDX-License-Identifier: MIT
   The tables of docs/jobs.md, as rows of cells. An empty cell in front is that
   of the row above. */
#ifndef FAX_SPEC_SERVICE_TABLE_H
#define FAX_SPEC_SERVICE_TABLE_H

#include <stdio.h>
#include <string.h>

#include "test.h"

enum { TABLE_CELLS = 4, TABLE_ROWS = 200, TABLE_CELL = 256 };

struct table {
  unsigned rows;
  char cell[TABLE_ROWS][TABLE_CELLS][TABLE_CELL];
};

static inline void table_trim(char *to, const char *from, size_t length) {
  while (length > 0 && *from == ' ') from++, length--;
  while (length > 0 && from[length - 1] == ' ') length--;
  assert_true(length < TABLE_CELL);
  memcpy(to, from, length);
  to[length] = '\0';
}

static inline void table_row(struct table *t, const char *line) {
  assert_true(t->rows < TABLE_ROWS);
  char(*cells)[TABLE_CELL] = t->cell[t->rows];
  const char *at = line + 1;
  for (int i = 0; i < TABLE_CELLS; i++) {
    const char *end = strchr(at, '|');
    if (end == NULL) break;
    table_trim(cells[i], at, (size_t)(end - at));
    at = end + 1;
  }
  bool leading = true; /* empty so far */
  for (int i = 0; i < 2 && t->rows > 0; i++) {
    leading = leading && cells[i][0] == '\0';
    if (leading) strcpy(cells[i], t->cell[t->rows - 1][i]);
  }
  t->rows++;
}

/* The n-th table (from 0) under the heading "## <heading>". */
static inline void table_read(struct table *t, const char *path,
                              const char *heading, int n) {
  char line[1024];
  bool inside = false, in_table = false;
  int tables = -1;
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  memset(t, 0, sizeof *t);
  while (fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "## ", 3) == 0) inside = strcmp(line + 3, heading) == 0;
    bool is_row = inside && line[0] == '|';
    if (is_row && !in_table) tables++;
    bool heads = is_row && (!in_table || strncmp(line, "|---", 4) == 0);
    in_table = is_row;
    if (is_row && !heads && tables == n) table_row(t, line);
  }
  fclose(file);
  if (t->rows == 0) fail_msg("%s: no table %d under %s", path, n, heading);
}

/* The words of a cell that begin with `prefix`: FS_BUSY, JS_PAUSED ... The next
   behind *at_inout; false: there are no more. */
static inline bool table_word(const char **at_inout, const char *prefix,
                              char *word, size_t size) {
  const char *at = strstr(*at_inout, prefix);
  if (at == NULL) return false;
  size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
  assert_true(length < size);
  memcpy(word, at, length);
  word[length] = '\0';
  *at_inout = at + length;
  return true;
}

#endif
