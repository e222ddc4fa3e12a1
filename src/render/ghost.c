/* SPDX-License-Identifier: MIT
   Pages of PDF and PostScript, by Ghostscript. It draws bilevel at the very
   resolution of the fax, so that its hinting and halftones are those of the
   result. A page that does not lie on paper as it was drawn makes Ghostscript
   start anew at that page, at the resolution that fits. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "render/render.h"

#define MESSAGES 8192 /* bytes of what it says that are looked at */

struct ghost {
  struct render *r;
  int document;
  bool pdf, eps;
  unsigned page;       /* of the document, from 1: the next one */
  double x_resolution; /* that it draws with */
  double y_resolution;
  pid_t pid;
  FILE *pages;
  int messages;
};

/* ---- the process ---- */

/* Between fork and exec. 3: where pages go, 4: the document. */
static void become_ghostscript(struct ghost *g, int pages) {
  char resolution[64], first[32];
  (void)snprintf(resolution, sizeof resolution, "-r%.4fx%.4f", g->x_resolution,
                 g->y_resolution);
  (void)snprintf(first, sizeof first, "-dFirstPage=%u", g->page);
  /* Out of the way of the numbers that they are to have. */
  int p = fcntl(pages, F_DUPFD, 10), d = fcntl(g->document, F_DUPFD, 10);
  int m = fcntl(g->messages, F_DUPFD, 10), null = open("/dev/null", O_RDONLY);
  if (p < 0 || d < 0 || m < 0 || null < 0) _exit(127);
  if (dup2(null, 0) < 0 || dup2(m, 1) < 0 || dup2(m, 2) < 0 || dup2(p, 3) < 0 ||
      dup2(d, 4) < 0)
    _exit(127);
  close_range(5, ~0u, 0);
  confine_child();
  execlp("gs", "gs", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-q", "-dPrinted",
         "-sBandListStorage=memory", "-sDEVICE=pbmraw", resolution, first,
         "-sOutputFile=/dev/fd/3", g->eps ? "-dEPSCrop" : "-dUseCropBox", "-f",
         "/dev/fd/4", (char *)NULL);
  dprintf(2, "fax-render: gs: %s\n", strerror(errno));
  _exit(127);
}

static int start(struct ghost *g) {
  int ends[2];
  g->messages = memfd_create("messages", MFD_CLOEXEC);
  if (g->messages < 0 || pipe2(ends, O_CLOEXEC) != 0)
    return render_fail(g->r, RENDER_SYSTEM, "%s: %s", g->r->file,
                       strerror(errno));
  g->pid = fork();
  if (g->pid == 0) become_ghostscript(g, ends[1]);
  close(ends[1]);
  g->pages = fdopen(ends[0], "r");
  if (g->pid > 0 && g->pages != NULL) return 0;
  return render_fail(g->r, RENDER_SYSTEM, "%s: gs: %s", g->r->file,
                     strerror(errno));
}

/* Its wait status; kills it first when it is not wanted any more. */
static int stop(struct ghost *g, bool kill_it) {
  int status = 0;
  if (g->pages != NULL) (void)fclose(g->pages);
  g->pages = NULL;
  if (g->pid > 0) {
    if (kill_it) kill(g->pid, SIGKILL);
    while (waitpid(g->pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
  g->pid = 0;
  return status;
}

static int why_it_failed(struct ghost *g, int status) {
  struct render *r = g->r;
  char text[MESSAGES + 1];
  ssize_t n = pread(g->messages, text, MESSAGES, 0);
  text[n > 0 ? n : 0] = '\0';
  const char *kind = g->pdf ? "PDF" : "PostScript";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    return render_fail(r, RENDER_SYSTEM, "%s: Ghostscript cannot be run",
                       r->file);
  if (strstr(text, "requires a password") != NULL ||
      strstr(text, "Password did not work") != NULL)
    return render_fail(r, RENDER_BAD_DOCUMENT,
                       "%s: the PDF asks for a password", r->file);
  if (WIFSIGNALED(status) &&
      (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: rendering it took too long",
                       r->file);
  if (strstr(text, "[/PageSize") != NULL)
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: page %u is too large",
                       r->file, g->page);
  if (strstr(text, "VMerror") != NULL)
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: needs too much memory",
                       r->file);
  if (strstr(text, "invalidfileaccess") != NULL)
    return render_fail(r, RENDER_BAD_DOCUMENT, "%s: the %s tries to use files",
                       r->file, kind);
  if (status == 0)
    return render_fail(r, RENDER_BAD_DOCUMENT,
                       "%s: the %s is damaged or has no page", r->file, kind);
  char *line = strstr(text, "Error: ");
  if (line != NULL) line[strcspn(line, "\n")] = '\0';
  return render_fail(r, RENDER_BAD_DOCUMENT, "%s: the %s is damaged: %.120s",
                     r->file, kind, line != NULL ? line + 7 : "it breaks down");
}

/* ---- its pages ---- */

/* A number of the header, after blanks and comments; -1: there is none. */
static long header_number(FILE *f) {
  int c = getc(f);
  while (c == '#' || c == ' ' || c == '\n' || c == '\t') {
    if (c == '#')
      while (c != '\n' && c != EOF) c = getc(f);
    c = getc(f);
  }
  long n = c >= '0' && c <= '9' ? 0 : -1;
  for (; c >= '0' && c <= '9' && n < 100000000; c = getc(f))
    n = n * 10 + (c - '0');
  return n;
}

/* 1: a page of this size begins. 0: there is none any more. -1: nonsense. */
static int page_header(FILE *f, int *width_out, int *height_out) {
  int c = getc(f);
  if (c == EOF) return 0;
  if (c != 'P' || getc(f) != '4') return -1;
  long w = header_number(f), h = header_number(f);
  if (w <= 0 || h <= 0) return -1;
  *width_out = (int)w;
  *height_out = (int)h;
  return 1;
}

static PIX *page_pixels(FILE *f, int width, int height) {
  size_t bytes = ((size_t)width + 7) / 8;
  uint8_t *row = malloc(bytes);
  PIX *pix = pixCreate(width, height, 1);
  for (int y = 0; pix != NULL && row != NULL && y < height; y++) {
    l_uint32 *line = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
    if (fread(row, 1, bytes, f) != bytes) pixDestroy(&pix);
    for (size_t x = 0; pix != NULL && x < bytes; x++)
      SET_DATA_BYTE(line, x, row[x]);
  }
  if (row == NULL) pixDestroy(&pix);
  free(row);
  if (pix != NULL) pixSetPadBits(pix, 0);
  return pix;
}

static double x_base(const struct ghost *g, const struct sheet *s) {
  return s->turned ? g->r->y_resolution : SHEET_X_RESOLUTION;
}

static double y_base(const struct ghost *g, const struct sheet *s) {
  return s->turned ? SHEET_X_RESOLUTION : g->r->y_resolution;
}

/* Drawn at a resolution that is right for the sheet within a hundredth. */
static bool is_drawn_right(const struct ghost *g, const struct sheet *s) {
  return fabs(g->x_resolution / (x_base(g, s) * s->scale) - 1) < 0.01 &&
         fabs(g->y_resolution / (y_base(g, s) * s->scale) - 1) < 0.01;
}

/* The size that counts is the one at the fax's own resolution. */
static int check_size(struct ghost *g, double width, double height) {
  double across = width * SHEET_X_RESOLUTION;
  double down = height * g->r->y_resolution;
  if (across < RENDER_LEAST || down < RENDER_LEAST)
    return render_fail(g->r, RENDER_BAD_DOCUMENT,
                       "%s: page %u is smaller than 8 by 8 pixels", g->r->file,
                       g->page);
  if (across * down > (double)RENDER_MOST_PIXELS)
    return render_fail(g->r, RENDER_BAD_DOCUMENT,
                       "%s: page %u has more than 100 million pixels",
                       g->r->file, g->page);
  return 0;
}

/* What can be left over when sizes were rounded to whole pixels. */
static PIX *shrink_to(PIX *pix, const struct sheet *s) {
  int most_w = s->turned ? s->rows : RENDER_WIDTH;
  int most_h = s->turned ? RENDER_WIDTH : s->rows;
  int w = pixGetWidth(pix), h = pixGetHeight(pix);
  if (w <= most_w + 2 && h <= most_h + 2) return pix;
  PIX *gray = scale_gray(pix, w < most_w ? w : most_w, h < most_h ? h : most_h);
  pixDestroy(&pix);
  PIX *out = gray != NULL ? scale_threshold(gray, 160) : NULL;
  pixDestroy(&gray);
  return out;
}

enum { PAGE_END = -1, PAGE_AGAIN = -2 }; /* beside the RENDER_ statuses */

/* Takes one page; PAGE_AGAIN: Ghostscript must draw it anew. `fresh`: it was
   started for this page, which is then taken as it is. */
static int one_page(struct ghost *g, bool fresh) {
  int w, h, got = page_header(g->pages, &w, &h);
  if (got == 0) return PAGE_END;
  if (got < 0)
    return render_fail(g->r, RENDER_BAD_DOCUMENT,
                       "%s: page %u cannot be rendered", g->r->file, g->page);
  double width = w / g->x_resolution, height = h / g->y_resolution;
  int rc = check_size(g, width, height);
  if (rc != 0) return rc;
  struct sheet sheet = sheet_for(g->r, width, height);
  if (!is_drawn_right(g, &sheet) && !fresh) {
    g->x_resolution = x_base(g, &sheet) * sheet.scale;
    g->y_resolution = y_base(g, &sheet) * sheet.scale;
    return PAGE_AGAIN;
  }
  PIX *pix = page_pixels(g->pages, w, h);
  if (pix == NULL) return PAGE_END; /* it broke down, as its status says */
  pix = shrink_to(pix, &sheet);
  rc = out_page(g->r, pix != NULL ? sheet_place(&sheet, pix) : NULL);
  g->page++;
  return rc;
}

/* One run from g->page on. `again`: that page was drawn once already. */
static int one_run(struct ghost *g, bool again) {
  int rc = start(g);
  bool fresh = again;
  unsigned before = g->page;
  while (rc == 0) {
    rc = one_page(g, fresh);
    fresh = false;
  }
  int status = stop(g, rc != PAGE_END);
  if (rc == PAGE_END)
    rc = status == 0 && (g->page > before) ? 0 : why_it_failed(g, status);
  if (g->messages >= 0) close(g->messages);
  g->messages = -1;
  return rc;
}

static bool is_eps(int fd) {
  char head[64] = "";
  if (pread(fd, head, sizeof head - 1, 0) <= 0) return false;
  if (memcmp(head, "\xc5\xd0\xd3\xc6", 4) == 0) return true;
  head[strcspn(head, "\r\n")] = '\0';
  return strstr(head, "EPSF") != NULL;
}

int ghost_pages(struct render *r, int fd, bool pdf) {
  struct ghost g = {.r = r,
                    .document = fd,
                    .pdf = pdf,
                    .eps = !pdf && is_eps(fd),
                    .page = 1,
                    .x_resolution = SHEET_X_RESOLUTION,
                    .y_resolution = r->y_resolution,
                    .messages = -1};
  int rc = one_run(&g, false);
  while (rc == PAGE_AGAIN) rc = one_run(&g, true);
  return rc;
}
