/* SPDX-License-Identifier: MIT
   Documents that were turned into pages. */
#include "model/table/table.h"

#define R struct fax_page
static const struct fax_field page[] = {
    FIELD(DWORD, number, "number"),
    FIELD(DWORD, width, "width"),
    FIELD(DWORD, height, "height"),
    FIELD(DWORD, x_resolution, "x_resolution"),
    FIELD(DWORD, y_resolution, "y_resolution"),
    FIELD(TEXT, png, "png"),
    END};
RECORD(record_page, fax_page, page);
#undef R

#define R struct fax_rendered
static const struct fax_field rendered[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(HIDDEN, page_count, "page_count"),
    ARRAY(pages, "pages", page_count, record_page),
    FIELD(TEXT, output, "output"),
    FIELD(BOOL, unchanged, "unchanged"),
    END};
RECORD(record_rendered, fax_rendered, rendered);
#undef R
