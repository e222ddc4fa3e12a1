/* SPDX-License-Identifier: MIT
   The documents of the benchmarks: `document FILE PAGES` writes letters as
   canonical TIFF/F (A4, fine), or as PostScript when FILE ends in .ps. */
#include "bench.h"

#include <string.h>

#include "../c/pages.h"

static void ps_page(FILE *out, unsigned page) {
  fprintf(out, "/Times-Roman findfont 11 scalefont setfont\n");
  for (unsigned line = 0; line < 55; line++) {
    fprintf(out, "72 %u moveto (", 770 - line * 13);
    for (unsigned word = 0; word < 12; word++) {
      unsigned letters = 2 + pages_hash(page, line, word) % 7;
      for (unsigned i = 0; i < letters; i++)
        fputc('a' + (int)(pages_hash(page + line, word, i) % 26), out);
      fputc(' ', out);
    }
    fprintf(out, ") show\n");
  }
  fprintf(out, "showpage\n");
}

static int ps_make(const char *path, unsigned pages) {
  FILE *out = fopen(path, "w");
  if (out == NULL) return 0;
  fprintf(out, "%%!PS-Adobe-3.0\n%%%%Pages: %u\n", pages);
  fprintf(out, "<< /PageSize [595 842] >> setpagedevice\n");
  for (unsigned page = 0; page < pages; page++) ps_page(out, page);
  return fclose(out) == 0;
}

int main(int argc, char **argv) {
  unsigned pages = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
  if (pages == 0) {
    fprintf(stderr, "usage: document FILE PAGES\n");
    return 2;
  }
  const char *end = strrchr(argv[1], '.');
  int ok = end != NULL && strcmp(end, ".ps") == 0
               ? ps_make(argv[1], pages)
               : pages_make(argv[1], PAGES_LETTER, pages, PAGES_A4_FINE, 196);
  if (!ok) fprintf(stderr, "document: %s: cannot be written\n", argv[1]);
  return !ok;
}
