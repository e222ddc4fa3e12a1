/* SPDX-License-Identifier: MIT
   compare WHOLE PART...: whether the pages of the parts, one after the other,
   are those of the whole, pixel by pixel. For specs in Lua; says what differs.
 */
#include <stdarg.h>

#include "pages.h"

static int differs(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  putchar('\n');
  return 1;
}

int main(int argc, char **argv) {
  unsigned page = 0;
  if (argc < 3) return differs("usage: compare WHOLE PART...");
  unsigned whole = pages_count(argv[1]);
  for (int i = 2; i < argc; i++) {
    unsigned count = pages_count(argv[i]);
    if (count == 0) return differs("%s has no page", argv[i]);
    for (unsigned n = 0; n < count; n++, page++)
      if (page >= whole || !pages_same(argv[1], page, argv[i], n))
        return differs("page %u of %s is not page %u of %s", page + 1, argv[1],
                       n + 1, argv[i]);
  }
  if (page != whole)
    return differs("%s has %u pages, the parts have %u", argv[1], whole, page);
  printf("same, %u pages\n", page);
  return 0;
}
