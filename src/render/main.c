/* SPDX-License-Identifier: MIT
   fax-render: the command. Tells documents by what is in them, and says in one
   line on stderr why one cannot be rendered. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "render/render.h"

int render_fail(struct render *r, int status, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (r->why[0] == '\0') (void)vsnprintf(r->why, sizeof r->why, format, args);
  va_end(args);
  return status;
}

static bool has(const char *head, size_t n, const char *what, size_t length) {
  return memmem(head, n, what, length) != NULL;
}

/* A PDF ends with a mark; one that was cut off on its way has none. */
static bool is_pdf_whole(int fd, off_t size) {
  char tail[65536];
  off_t from = size > (off_t)sizeof tail ? size - (off_t)sizeof tail : 0;
  ssize_t n = pread(fd, tail, sizeof tail, from);
  return n > 0 && has(tail, (size_t)n, "%%EOF", 5);
}

static int render_open_file(struct render *r, int fd, off_t size) {
  char head[1024];
  ssize_t got = pread(fd, head, sizeof head, 0);
  size_t n = got > 0 ? (size_t)got : 0;
  if (n >= 4 &&
      (memcmp(head, "II\x2a\0", 4) == 0 || memcmp(head, "MM\0\x2a", 4) == 0 ||
       memcmp(head, "II\x2b\0", 4) == 0 || memcmp(head, "MM\0\x2b", 4) == 0))
    return r->exact ? exact_pages(r, fd) : tiff_pages(r, fd);
  if (r->exact)
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: is not TIFF", r->file);
  if (n >= 2 && (memcmp(head, "%!", 2) == 0 ||
                 (n >= 4 && memcmp(head, "\xc5\xd0\xd3\xc6", 4) == 0) ||
                 (n >= 3 && memcmp(head, "\x04%!", 3) == 0)))
    return ghost_pages(r, fd, false);
  if (has(head, n, "%PDF-", 5))
    return is_pdf_whole(fd, size)
               ? ghost_pages(r, fd, true)
               : render_fail(r, RENDER_BAD_DOCUMENT, "%s: the PDF is cut off",
                             r->file);
  return render_fail(r, RENDER_BAD_DOCUMENT,
                     "%s: is not TIFF, PDF or PostScript", r->file);
}

/* "/dev/fd/3/letter.pdf" is what descriptor 3 reads; `name` gets the rest. */
static int open_file(const char *file, const char **name) {
  int fd = -1, length = 0;
  if (sscanf(file, "/dev/fd/%d/%n", &fd, &length) != 1 || length == 0)
    return open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file[length] != '\0') *name = file + length;
  return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static int render_file(struct render *r, const char *file) {
  struct stat st;
  r->file = file;
  int fd = open_file(file, &r->file);
  file = r->file;
  if (fd < 0)
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: %s", file, strerror(errno));
  int rc;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    rc = render_fail(r, RENDER_BAD_DOCUMENT, "%s: is not a regular file", file);
  else if (st.st_size == 0)
    rc = render_fail(r, RENDER_BAD_DOCUMENT, "%s: is empty", file);
  else
    rc = render_open_file(r, fd, st.st_size);
  close(fd);
  return rc;
}

static int usage(void) {
  (void)fputs(
      "usage: fax-render [--resolution fine|standard] "
      "[--paper auto|a4|letter|legal]\n"
      "                  [--png FOLDER] [--output OUT.tif] FILE...\n"
      "       fax-render --exact [--pdf OUT.pdf] [--png FOLDER] FAX.tif...\n"
      "       fax-render --exact --page N --png FOLDER FAX.tif\n",
      stderr);
  return RENDER_USAGE;
}

/* The number of a word in a list that NULL ends, or -1. */
static int word(const char *const *list, const char *text) {
  for (int i = 0; list[i] != NULL; i++)
    if (strcmp(list[i], text) == 0) return i;
  return -1;
}

/* False: wrong usage. */
static bool options(struct render *r, int argc, char **argv, bool *report) {
  static const struct option known[] = {
      {"resolution", required_argument, NULL, 'r'},
      {"paper", required_argument, NULL, 'p'},
      {"png", required_argument, NULL, 'g'},
      {"output", required_argument, NULL, 'o'},
      {"pdf", required_argument, NULL, 'd'},
      {"exact", no_argument, NULL, 'x'},
      {"page", required_argument, NULL, 'n'},
      {"report", no_argument, NULL, 'R'},
      {NULL, 0, NULL, 0}};
  static const char *const resolutions[] = {"fine", "standard", NULL};
  static const char *const papers[] = {"auto", "a4", "letter", "legal", NULL};
  int c, n;
  while ((c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
    if (c == 'r') {
      if ((n = word(resolutions, optarg)) < 0) return false;
      r->y_resolution = n == 0 ? 196 : 98;
    } else if (c == 'p') {
      if ((n = word(papers, optarg)) < 0) return false;
      r->paper = (enum render_paper)n;
    } else if (c == 'g') {
      r->png = optarg;
    } else if (c == 'o') {
      r->output = optarg;
    } else if (c == 'd') {
      r->pdf = optarg;
    } else if (c == 'n') {
      if ((n = atoi(optarg)) <= 0) return false;
      r->page = (unsigned)n;
    } else if (c == 'x') {
      r->exact = true;
    } else if (c == 'R') {
      *report = true;
    } else {
      return false;
    }
  }
  if (r->exact ? r->output != NULL : r->pdf != NULL) return false;
  if (r->page != 0 && (!r->exact || r->png == NULL || r->pdf != NULL))
    return false;
  return optind < argc;
}

int main(int argc, char **argv) {
  struct render r = {.y_resolution = 196};
  bool report = false;
  if (!options(&r, argc, argv, &report)) return usage();
  confine_self();
  setMsgSeverity(L_SEVERITY_NONE);
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  int rc = out_open(&r);
  if (rc == 0) rc = pdf_open(&r);
  for (int i = optind; rc == 0 && i < argc; i++) rc = render_file(&r, argv[i]);
  if (rc == 0) rc = out_close(&r);
  if (rc == 0) rc = pdf_close(&r);
  if (rc != 0) {
    out_drop(&r);
    pdf_drop(&r);
    (void)fprintf(stderr, "fax-render: %s\n", r.why);
    (void)fflush(stderr);
  }
  if (report) {
    if (rc == 0)
      puts("done");
    else
      (void)printf("failed %d\n", rc);
  }
  return fflush(stdout) == 0 || rc != 0 ? rc : RENDER_SYSTEM;
}
