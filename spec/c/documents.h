/* SPDX-License-Identifier: MIT
   Documents for specs, good, odd and bad ones, made by code: each has a name
   and a maker. For the C tests, and for Lua specs by way of documents.c. */
#ifndef FAX_SPEC_DOCUMENTS_H
#define FAX_SPEC_DOCUMENTS_H

#include <stdarg.h>
#include <stdint.h>
#include <sys/types.h>

#include "pages.h"

/* ---- any file ---- */

static inline bool documents_put(const char *path, const void *data,
                                 size_t size) {
  FILE *f = fopen(path, "wb");
  if (f == NULL) return false;
  bool ok = fwrite(data, 1, size, f) == size;
  return fclose(f) == 0 && ok;
}

static inline bool documents_text(const char *path, const char *text) {
  return documents_put(path, text, strlen(text));
}

/* The first `size` bytes of a file of this generator's, as another. */
static inline bool documents_head(const char *from, const char *to,
                                  size_t size) {
  char *data = malloc(size);
  FILE *f = fopen(from, "rb");
  bool ok = data != NULL && f != NULL && fread(data, 1, size, f) == size &&
            documents_put(to, data, size);
  if (f != NULL) fclose(f);
  free(data);
  return ok;
}

/* ---- TIFF ---- */

/* A page with a black box of an eighth of its width at a quarter of its width
   and height, on white; samples of 1 bit, or 8-bit gray (1) or RGB (3). */
struct documents_image {
  uint32_t width, height;
  uint16_t bits, samples, compression, photometric;
  double x_dpi, y_dpi; /* 0: not said */
  bool gradient;       /* the right half goes from black to white */
};

static inline int documents_ink(const struct documents_image *i, uint32_t x,
                                uint32_t y) {
  uint32_t side = i->width / 8;
  if (x >= i->width / 4 && x < i->width / 4 + side && y >= i->height / 4 &&
      y < i->height / 4 + side)
    return 0;
  if (i->gradient && x >= i->width / 2)
    return (int)((uint64_t)y * 255 / i->height);
  return 255;
}

static inline void documents_row(const struct documents_image *i, uint32_t y,
                                 uint8_t *row) {
  size_t bytes = ((size_t)i->width * i->bits * i->samples + 7) / 8;
  memset(row, i->photometric == PHOTOMETRIC_MINISWHITE ? 0 : 0xff, bytes);
  for (uint32_t x = 0; x < i->width; x++) {
    int v = documents_ink(i, x, y);
    if (i->bits == 8)
      memset(row + (size_t)x * i->samples, v, i->samples);
    else if (v == 0)
      row[x / 8] ^= (uint8_t)(0x80 >> (x % 8));
  }
}

static inline bool documents_image(const char *path,
                                   const struct documents_image *i) {
  uint8_t *row = malloc((size_t)i->width * i->samples + 16);
  TIFF *t = TIFFOpen(path, "w");
  bool ok = t != NULL && row != NULL;
  if (ok) {
    TIFFSetField(t, TIFFTAG_IMAGEWIDTH, i->width);
    TIFFSetField(t, TIFFTAG_IMAGELENGTH, i->height);
    TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, i->bits);
    TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, i->samples);
    TIFFSetField(t, TIFFTAG_COMPRESSION, i->compression);
    TIFFSetField(t, TIFFTAG_PHOTOMETRIC, i->photometric);
    TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, 256);
    if (i->x_dpi > 0) {
      TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
      TIFFSetField(t, TIFFTAG_XRESOLUTION, i->x_dpi);
      TIFFSetField(t, TIFFTAG_YRESOLUTION, i->y_dpi);
    }
  }
  for (uint32_t y = 0; ok && y < i->height; y++) {
    documents_row(i, y, row);
    ok = TIFFWriteScanline(t, row, y, 0) == 1;
  }
  if (t != NULL) TIFFClose(t);
  free(row);
  return ok;
}

static inline bool documents_bilevel(const char *path, uint32_t width,
                                     uint32_t height, double dpi) {
  struct documents_image i = {
      width, height, 1,    1, COMPRESSION_CCITTFAX4, PHOTOMETRIC_MINISWHITE,
      dpi,   dpi,    false};
  return documents_image(path, &i);
}

static inline bool documents_a4_fine(const char *path) {
  return pages_make(path, PAGES_LETTER, 1, PAGES_A4_FINE, 196);
}
static inline bool documents_a4_standard(const char *path) {
  return pages_make(path, PAGES_LETTER, 1, PAGES_A4_STANDARD, 98);
}
static inline bool documents_letter_fine(const char *path) {
  return pages_make(path, PAGES_LETTER, 1, PAGES_LETTER_FINE, 196);
}
static inline bool documents_letter_standard(const char *path) {
  return pages_make(path, PAGES_LETTER, 1, PAGES_LETTER_STANDARD, 98);
}
static inline bool documents_legal_fine(const char *path) {
  return pages_make(path, PAGES_LETTER, 1, PAGES_LEGAL_FINE, 196);
}
static inline bool documents_legal_standard(const char *path) {
  return pages_make(path, PAGES_LETTER, 1, PAGES_LEGAL_STANDARD, 98);
}
static inline bool documents_three(const char *path) {
  return pages_make(path, PAGES_LETTER, 3, PAGES_A4_STANDARD, 98);
}
static inline bool documents_hundred(const char *path) {
  return pages_make(path, PAGES_LETTER, 100, PAGES_A4_STANDARD, 98);
}
/* Pages of both resolutions: each may go to the line, together they may not. */
static inline bool documents_mixed(const char *path) {
  return pages_add(path, "w", PAGES_LETTER, 0, 2, PAGES_A4_FINE, 196) &&
         pages_add(path, "a", PAGES_LETTER, 1, 2, PAGES_A4_STANDARD, 98);
}
static inline bool documents_tiny(const char *path) {
  return documents_bilevel(path, 7, 7, 200);
}
static inline bool documents_huge(const char *path) {
  return documents_bilevel(path, 11000, 10000, 600);
}
static inline bool documents_wide(const char *path) {
  return documents_bilevel(path, 30000, 3000, 1200);
}
static inline bool documents_scan(const char *path) {
  return documents_bilevel(path, 2480, 3508, 300);
}
static inline bool documents_gray(const char *path) {
  struct documents_image i = {
      1240, 1754, 8,   1, COMPRESSION_LZW, PHOTOMETRIC_MINISBLACK,
      150,  150,  true};
  return documents_image(path, &i);
}
static inline bool documents_rgb(const char *path) {
  struct documents_image i = {
      1240, 1754, 8, 3, COMPRESSION_NONE, PHOTOMETRIC_RGB, 150, 150, true};
  return documents_image(path, &i);
}
static inline bool documents_landscape(const char *path) {
  return documents_bilevel(path, 3508, 2480, 300);
}

/* ---- damaged TIFF ---- */

/* Overwrites the little-endian number at `at`. */
static inline bool documents_poke(FILE *f, long at, uint32_t value) {
  uint8_t b[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                  (uint8_t)(value >> 24)};
  return fseek(f, at, SEEK_SET) == 0 && fwrite(b, 1, 4, f) == 4;
}

static inline uint32_t documents_peek(FILE *f, long at, int bytes) {
  uint8_t b[4] = {0, 0, 0, 0};
  if (fseek(f, at, SEEK_SET) != 0 || fread(b, 1, (size_t)bytes, f) == 0)
    return 0;
  return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
         (uint32_t)b[3] << 24;
}

/* Three pages whose third is followed by the second. */
static inline bool documents_cyclic(const char *path) {
  uint32_t ifd[4] = {0, 0, 0, 0};
  long link = 4;
  if (!documents_three(path)) return false;
  FILE *f = fopen(path, "r+b");
  for (int i = 0; f != NULL && i < 3; i++) {
    ifd[i] = documents_peek(f, link, 4);
    link = (long)ifd[i] + 2 + 12 * (long)documents_peek(f, (long)ifd[i], 2);
  }
  bool ok = f != NULL && ifd[1] != 0 && documents_poke(f, link, ifd[1]);
  return f != NULL && fclose(f) == 0 && ok;
}

/* Its only directory is followed by itself. */
static inline bool documents_selfish(const char *path) {
  if (!documents_a4_standard(path)) return false;
  FILE *f = fopen(path, "r+b");
  if (f == NULL) return false;
  uint32_t ifd = documents_peek(f, 4, 4);
  bool ok = documents_poke(
      f, (long)ifd + 2 + 12 * (long)documents_peek(f, (long)ifd, 2), ifd);
  return fclose(f) == 0 && ok;
}

/* The directory is there, half of the picture is nonsense. */
static inline bool documents_damaged(const char *path) {
  if (!documents_a4_fine(path)) return false;
  FILE *f = fopen(path, "r+b");
  bool ok = f != NULL && fseek(f, 3000, SEEK_SET) == 0;
  for (int i = 0; ok && i < 400; i++) ok = fputc(i * 77 % 251, f) != EOF;
  return f != NULL && fclose(f) == 0 && ok;
}

static inline bool documents_truncated(const char *path) {
  char whole[4096];
  snprintf(whole, sizeof whole, "%s.whole", path);
  bool ok = documents_a4_fine(whole) && documents_head(whole, path, 5000);
  remove(whole);
  return ok;
}

static inline bool documents_header_only(const char *path) {
  return documents_put(path, "II\x2a\0\x08\0\0\0", 8);
}

/* One page more than a fax may have, each of one entry only. */
static inline bool documents_ten_thousand_one(const char *path) {
  FILE *f = fopen(path, "wb");
  bool ok = f != NULL && fwrite("II\x2a\0\x08\0\0\0", 1, 8, f) == 8;
  for (uint32_t i = 0; ok && i < 10001; i++) {
    uint32_t next = i == 10000 ? 0 : 8 + (i + 1) * 18;
    uint8_t ifd[18] = {1, 0, 0x00, 0x01, 3, 0, 1, 0, 0, 0, 0xc0, 0x06, 0, 0};
    for (int b = 0; b < 4; b++) ifd[14 + b] = (uint8_t)(next >> (8 * b));
    ok = fwrite(ifd, 1, sizeof ifd, f) == sizeof ifd;
  }
  return f != NULL && fclose(f) == 0 && ok;
}

static inline bool documents_empty(const char *path) {
  return documents_text(path, "");
}
static inline bool documents_plain_text(const char *path) {
  return documents_text(path, "Dear reader,\n\nthis is no fax.\n");
}

/* ---- PDF ---- */

struct documents_pdf {
  FILE *file;
  long at[64]; /* of the objects, from 1 */
  int count;
};

static inline void documents_object(struct documents_pdf *p, const char *format,
                                    ...) {
  va_list args;
  p->at[++p->count] = ftell(p->file);
  fprintf(p->file, "%d 0 obj\n", p->count);
  va_start(args, format);
  vfprintf(p->file, format, args);
  va_end(args);
  fputs("\nendobj\n", p->file);
}

static inline void documents_stream(struct documents_pdf *p, const char *dict,
                                    const char *text) {
  documents_object(p, "<< %s /Length %zu >>\nstream\n%s\nendstream", dict,
                   strlen(text), text);
}

static inline bool documents_pdf_end(struct documents_pdf *p) {
  long xref = ftell(p->file);
  fprintf(p->file, "xref\n0 %d\n0000000000 65535 f \n", p->count + 1);
  for (int i = 1; i <= p->count; i++)
    fprintf(p->file, "%010ld 00000 n \n", p->at[i]);
  fprintf(p->file,
          "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%ld\n%%%%EOF\n",
          p->count + 1, xref);
  bool ok = ferror(p->file) == 0;
  return fclose(p->file) == 0 && ok;
}

/* Three pages of `box` ("0 0 595 842") with text and a black box each, 100 by
   50 points with its lower left corner at 72, 72. */
static inline bool documents_pdf_pages(const char *path, const char *box) {
  struct documents_pdf p = {fopen(path, "wb"), {0}, 0};
  if (p.file == NULL) return false;
  fputs("%PDF-1.4\n", p.file);
  documents_object(&p, "<< /Type /Catalog /Pages 2 0 R >>");
  documents_object(&p, "<< /Type /Pages /Kids [4 0 R 6 0 R 8 0 R] /Count 3 >>");
  documents_object(&p,
                   "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (int page = 1; page <= 3; page++) {
    char text[512];
    documents_object(&p,
                     "<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents %d "
                     "0 R /Resources << /Font << /F1 3 0 R >> >> >>",
                     box, p.count + 2);
    snprintf(text, sizeof text,
             "BT /F1 24 Tf 72 500 Td (Page %d of 3) Tj /F1 10 Tf 0 -30 Td "
             "(The quick brown fox jumps over the lazy dog.) Tj ET\n"
             "72 72 100 50 re f",
             page);
    documents_stream(&p, "", text);
  }
  return documents_pdf_end(&p);
}

static inline bool documents_pdf(const char *path) {
  return documents_pdf_pages(path, "0 0 595.28 841.89");
}
static inline bool documents_pdf_letter(const char *path) {
  return documents_pdf_pages(path, "0 0 612 792");
}
static inline bool documents_pdf_landscape(const char *path) {
  return documents_pdf_pages(path, "0 0 841.89 595.28");
}
static inline bool documents_pdf_giant(const char *path) {
  return documents_pdf_pages(path, "0 0 1000000 1000000");
}
static inline bool documents_pdf_poster(const char *path) {
  return documents_pdf_pages(path, "0 0 9000 9000");
}

/* A page of forms that show forms, each ten times: 10^12 boxes in 3 kB. */
static inline bool documents_pdf_bomb(const char *path) {
  enum { LEVELS = 12 };
  struct documents_pdf p = {fopen(path, "wb"), {0}, 0};
  if (p.file == NULL) return false;
  fputs("%PDF-1.4\n", p.file);
  documents_object(&p, "<< /Type /Catalog /Pages 2 0 R >>");
  documents_object(&p, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  documents_object(&p,
                   "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                   "/Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> "
                   ">>");
  documents_stream(&p, "", "/X Do");
  for (int i = 0; i < LEVELS; i++) {
    char dict[160];
    snprintf(dict, sizeof dict,
             "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << "
             "/XObject << /X %d 0 R >> >>",
             p.count + 2);
    documents_stream(
        &p, dict,
        "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do");
  }
  documents_stream(&p, "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
                   "10 10 5 5 re f");
  return documents_pdf_end(&p);
}

static inline bool documents_pdf_cut(const char *path) {
  char whole[4096];
  snprintf(whole, sizeof whole, "%s.whole", path);
  bool ok = documents_pdf(whole) && documents_head(whole, path, 900);
  remove(whole);
  return ok;
}

static inline bool documents_pdf_nonsense(const char *path) {
  return documents_text(path, "%PDF-1.4\nnonsense\n%%EOF\n");
}

static inline bool documents_pdf_password(const char *path) {
  char whole[4096], command[9000];
  snprintf(whole, sizeof whole, "%s.whole", path);
  snprintf(command, sizeof command,
           "gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pdfwrite "
           "-sUserPassword=one -sOwnerPassword=two -dEncryptionR=3 "
           "-dKeyLength=128 -o '%s' '%s' >/dev/null 2>&1",
           path, whole);
  bool ok = documents_pdf(whole) && system(command) == 0;
  remove(whole);
  return ok;
}

/* ---- PostScript ---- */

static inline bool documents_ps(const char *path) {
  return documents_text(
      path,
      "%!PS-Adobe-3.0\n<< /PageSize [595.28 841.89] >> setpagedevice\n"
      "1 1 3 { /Helvetica findfont 24 scalefont setfont 72 500 moveto\n"
      "(Page ) show 10 string cvs show 72 72 100 50 rectfill showpage } for\n");
}
/* A4, A4 across, and Legal in one document. */
static inline bool documents_ps_papers(const char *path) {
  return documents_text(
      path,
      "%!PS\n/box { 2 array astore /size exch def\n"
      "<< /PageSize size >> setpagedevice 72 72 100 50 rectfill showpage } "
      "def\n595.28 841.89 box 841.89 595.28 box 612 1008 box\n");
}
static inline bool documents_ps_loop(const char *path) {
  return documents_text(path, "%!PS\n{ } loop showpage\n");
}
static inline bool documents_ps_pages(const char *path) {
  return documents_text(path,
                        "%!PS\n<< /PageSize [100 100] >> setpagedevice\n"
                        "{ showpage } loop\n");
}
static inline bool documents_ps_giant(const char *path) {
  return documents_text(
      path, "%!PS\n<< /PageSize [1000000 1000000] >> setpagedevice showpage\n");
}
static inline bool documents_ps_memory(const char *path) {
  return documents_text(path, "%!PS\n{ 60000 string } loop showpage\n");
}
static inline bool documents_ps_reads(const char *path) {
  return documents_text(path,
                        "%!PS\n(/etc/passwd) (r) file 100 string readstring "
                        "pop pop showpage\n");
}
/* Would write into the current folder, and where temporary files go. */
static inline bool documents_ps_writes(const char *path) {
  return documents_text(path,
                        "%!PS\n(/tmp/fax-spec-written) (w) file closefile "
                        "showpage\n");
}
static inline bool documents_ps_wrong(const char *path) {
  return documents_text(path, "%!PS\n(a) 0 div showpage\n");
}
static inline bool documents_ps_no_page(const char *path) {
  return documents_text(path, "%!PS\n1 pop\n");
}

/* ---- all of them ---- */

static const struct documents_maker {
  const char *name;
  bool (*make)(const char *path);
} documents_all[] = {
    {"canonical-a4-fine.tif", documents_a4_fine},
    {"canonical-a4-standard.tif", documents_a4_standard},
    {"canonical-letter-fine.tif", documents_letter_fine},
    {"canonical-letter-standard.tif", documents_letter_standard},
    {"canonical-legal-fine.tif", documents_legal_fine},
    {"canonical-legal-standard.tif", documents_legal_standard},
    {"three.tif", documents_three},
    {"hundred.tif", documents_hundred},
    {"mixed.tif", documents_mixed},
    {"scan.tif", documents_scan},
    {"landscape.tif", documents_landscape},
    {"gray.tif", documents_gray},
    {"rgb.tif", documents_rgb},
    {"wide-30000.tif", documents_wide},
    {"tiny.tif", documents_tiny},
    {"huge.tif", documents_huge},
    {"truncated.tif", documents_truncated},
    {"damaged.tif", documents_damaged},
    {"cyclic.tif", documents_cyclic},
    {"selfish.tif", documents_selfish},
    {"header-only.tif", documents_header_only},
    {"pages-10001.tif", documents_ten_thousand_one},
    {"empty.tif", documents_empty},
    {"text.txt", documents_plain_text},
    {"three.pdf", documents_pdf},
    {"letter.pdf", documents_pdf_letter},
    {"landscape.pdf", documents_pdf_landscape},
    {"password.pdf", documents_pdf_password},
    {"bomb.pdf", documents_pdf_bomb},
    {"giant.pdf", documents_pdf_giant},
    {"poster.pdf", documents_pdf_poster},
    {"cut.pdf", documents_pdf_cut},
    {"nonsense.pdf", documents_pdf_nonsense},
    {"three.ps", documents_ps},
    {"papers.ps", documents_ps_papers},
    {"loop.ps", documents_ps_loop},
    {"pages.ps", documents_ps_pages},
    {"giant.ps", documents_ps_giant},
    {"memory.ps", documents_ps_memory},
    {"reads.ps", documents_ps_reads},
    {"writes.ps", documents_ps_writes},
    {"wrong.ps", documents_ps_wrong},
    {"no-page.ps", documents_ps_no_page},
};

/* Makes the document of that name as `path`. False: no such name, or it could
   not be made. */
static inline bool documents_make(const char *name, const char *path) {
  for (size_t i = 0; i < sizeof documents_all / sizeof *documents_all; i++)
    if (strcmp(documents_all[i].name, name) == 0)
      return documents_all[i].make(path);
  return false;
}

#endif
