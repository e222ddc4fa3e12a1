/* SPDX-License-Identifier: MIT
   fax-render: turns TIFF, PDF and PostScript into fax pages in a process of its
   own. One run, one thread; whatever it has allocated ends with it. */
#ifndef FAX_RENDER_RENDER_H
#define FAX_RENDER_RENDER_H

#include <leptonica/allheaders.h>
#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

/* Exit statuses, and what the functions below return; 0 = ok. */
enum { RENDER_BAD_DOCUMENT = 1, RENDER_USAGE = 2, RENDER_SYSTEM = 3 };

#define RENDER_WIDTH 1728 /* pixels of a fax row */
#define RENDER_MOST_PAGES 2000
#define RENDER_MOST_PIXELS UINT64_C(100000000)
#define RENDER_MOST_ROWS 20000
#define RENDER_LEAST 8 /* pixels of a side */

enum render_paper { PAPER_AUTO, PAPER_A4, PAPER_LETTER, PAPER_LEGAL };

struct render {
  int y_resolution; /* 196 or 98 */
  enum render_paper paper;
  const char *output; /* NULL: none */
  const char *png;    /* a folder; NULL: none */
  const char *pdf;    /* NULL: none; else exact */
  bool exact;         /* pages of a fax as they are: pdf, png */
  unsigned page;      /* exact: only that one, and its own pixels; 0: all */
  const char *file;   /* the one being read */
  TIFF *tiff;
  struct _qpdf_data *pdf_file;
  char *part; /* the name of the output until it is whole */
  unsigned pages;
  char why[400];
};

/* Keeps the first sentence of why it failed and returns `status`. */
int render_fail(struct render *r, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* confine.c: gives up what a renderer does not need. */
void confine_self(void);
/* Between fork and exec of Ghostscript. */
void confine_child(void);

/* sheet.c: how a page of a given size lies on paper. */
struct sheet {
  bool turned;  /* a quarter to the right */
  int rows;     /* of the paper */
  double scale; /* of the page's true size */
};
/* Sizes in inches. */
struct sheet sheet_for(const struct render *r, double width, double height);
/* Turns (if so) and centres a bilevel page on its sheet (takes). NULL: memory.
   What stands out on either side is cut off. */
PIX *sheet_place(const struct sheet *s, PIX *page);
/* Dots per inch at which 8.5 inches, Letter's width, fill the row; true size
   everywhere else. */
#define SHEET_X_RESOLUTION (RENDER_WIDTH / 8.5)

/* scale.c: any PIX of 1 or 8 bits to gray (0 = black) of another size, by the
   share of each pixel. NULL: memory. Borrows. */
PIX *scale_gray(PIX *in, int width, int height);
/* Gray to bilevel, what is darker than `level` black. Borrows. */
PIX *scale_threshold(PIX *gray, int level);
/* The same for scans: text crisp, pictures dithered. Borrows. */
PIX *scale_scan(PIX *gray);

/* out.c: the pages so far. */
int out_open(struct render *r);
int out_page(struct render *r, PIX *page); /* takes; 1 bit, RENDER_WIDTH */
int out_close(struct render *r);           /* the output has its name then */
void out_drop(struct render *r);

/* A page as a picture with square pixels; `aspect`: its dots per inch across by
   those down. Borrows. */
int out_png(struct render *r, PIX *page, double aspect);
/* A bilevel page with its own pixels, its rows or columns as often as makes
   them nearly square. Borrows. */
int out_pixels(struct render *r, PIX *page, double x_resolution,
               double y_resolution);
/* A bilevel page in MMR, one strip; another than 0: it cannot be written. */
int out_code(TIFF *tiff, PIX *page, double x_resolution, double y_resolution);

/* pdf.c: a page of MMR data, with dots per inch. */
struct pdf_image {
  const void *data;
  size_t size;
  unsigned width, height;
  double x_resolution, y_resolution;
  bool white_is_black; /* what the coding calls white */
};
int pdf_open(struct render *r);
int pdf_add(struct render *r, const struct pdf_image *i);
int pdf_close(struct render *r);
void pdf_drop(struct render *r);

/* The kinds of documents. fd is borrowed, at any offset. */
int tiff_pages(struct render *r, int fd);
int exact_pages(struct render *r, int fd);
int ghost_pages(struct render *r, int fd, bool pdf);

#endif
