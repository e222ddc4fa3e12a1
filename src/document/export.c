/* SPDX-License-Identifier: MIT
   A fax for other programs: PDF, TIFF, pictures. Made in a folder of its own by
   fax-render, which does not change what a page shows. */
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/chain.h"
#include "document/inspect.h"
#include "document/renderer.h"
#include "document/work.h"
#include "model/record.h"

enum form { FORM_PDF, FORM_TIFF, FORM_PICTURE, FORM_PICTURES };

struct exporting {
  const struct fax_export *ask;
  enum form form;
  char *work;
  struct document_info info;
  struct fax_page *pages; /* info.pages of them */
};

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

static bool ends_with(const char *name, const char *end) {
  size_t length = strlen(name), tail = strlen(end);
  return length > tail && strcasecmp(name + length - tail, end) == 0;
}

static enum form form_of(const char *name) {
  if (ends_with(name, ".pdf")) return FORM_PDF;
  if (ends_with(name, ".tif") || ends_with(name, ".tiff")) return FORM_TIFF;
  return ends_with(name, ".png") ? FORM_PICTURE : FORM_PICTURES;
}

static DWORD check(const struct fax_export *ask) {
  if (ask->size != sizeof *ask)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_export has the wrong size");
  if (ask->file == NULL || *ask->file == '\0')
    return error_say(ERROR_INVALID_PARAMETER, "there is no file to export");
  if (ask->output == NULL || *ask->output == '\0')
    return error_say(ERROR_INVALID_PARAMETER,
                     "the name of the output is empty");
  return ERROR_SUCCESS;
}

/* ---- its pages ---- */

static DWORD describe_page(void *arg, const struct document_page *page) {
  struct exporting *e = arg;
  DWORD count = page->number;
  struct fax_page *pages = mem_resize(e->pages, count * sizeof *pages);
  if (pages == NULL) return no_memory();
  e->pages = pages;
  pages[count - 1] = (struct fax_page){.number = page->number,
                                       .width = page->width,
                                       .height = page->height,
                                       .x_resolution = page->x_resolution,
                                       .y_resolution = page->y_resolution};
  return ERROR_SUCCESS;
}

static DWORD look(struct exporting *e) {
  int fd;
  DWORDLONG bytes;
  const char *file = e->ask->file;
  DWORD rc = chain_open(file, &fd, &bytes);
  if (rc == ERROR_SUCCESS)
    rc = inspect_pages(fd, file, bytes, describe_page, e, &e->info);
  if (rc != ERROR_SUCCESS) return rc;
  if (e->pages == NULL)
    return error_say(ERROR_INVALID_DATA, "%s: is not a fax", file);
  if (e->form == FORM_PICTURE && e->info.pages != 1)
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: has %u pages: name a folder for their pictures", file,
                     e->info.pages);
  return ERROR_SUCCESS;
}

/* ---- into the folder ---- */

static DWORD render(const struct exporting *e, const char *pdf) {
  struct renderer_job job = {.files = &e->ask->file,
                             .count = 1,
                             .patience = e->ask->patience,
                             .work = e->work,
                             .exact = true,
                             .png = pdf == NULL,
                             .pdf = pdf};
  return renderer_run(&job);
}

static DWORD make(const struct exporting *e) {
  char *path = mem_format("%s/document", e->work);
  if (path == NULL) return no_memory();
  DWORD rc = e->form == FORM_TIFF  ? document_copy(e->ask->file, path)
             : e->form == FORM_PDF ? render(e, path)
                                   : render(e, NULL);
  mem_free(path);
  return rc;
}

/* ---- out of it ---- */

static bool is_file(const struct exporting *e) {
  return e->form == FORM_PDF || e->form == FORM_TIFF;
}

static DWORD name_pictures(struct exporting *e) {
  for (DWORD i = 0; !is_file(e) && i < e->info.pages; i++) {
    e->pages[i].png =
        e->form == FORM_PICTURE
            ? mem_text(e->ask->output)
            : mem_format("%s/page-%03u.png", e->ask->output, i + 1);
    if (e->pages[i].png == NULL) return no_memory();
  }
  return ERROR_SUCCESS;
}

static DWORD keep_picture(const struct exporting *e, DWORD page) {
  char *made = mem_format("page-%03u.png", page + 1);
  DWORD rc =
      made != NULL ? work_keep(e->work, made, e->pages[page].png) : no_memory();
  mem_free(made);
  return rc;
}

static DWORD keep(const struct exporting *e) {
  DWORD rc = ERROR_SUCCESS;
  if (is_file(e)) return work_keep(e->work, "document", e->ask->output);
  for (DWORD i = 0; rc == ERROR_SUCCESS && i < e->info.pages; i++)
    rc = keep_picture(e, i);
  return rc;
}

static DWORD make_work(struct exporting *e) {
  DWORD rc = ERROR_SUCCESS;
  bool folder = e->form == FORM_PICTURES;
  if (folder) rc = document_folder(e->ask->output);
  if (rc != ERROR_SUCCESS) return rc;
  char *beside = mem_format(folder ? "%s/fax" : "%s", e->ask->output);
  rc = beside != NULL ? work_make(beside, &e->work) : no_memory();
  mem_free(beside);
  return rc;
}

static DWORD pack(const struct exporting *e, struct fax_rendered **out) {
  struct fax_rendered all = {.size = sizeof all,
                             .page_count = e->info.pages,
                             .pages = e->pages,
                             .output = is_file(e) ? e->ask->output : NULL,
                             .unchanged = e->form == FORM_TIFF};
  void *block;
  DWORD rc = record_pack(&record_rendered, &all, 1, MEM_BUFFER, &block);
  if (rc == ERROR_SUCCESS) *out = block;
  return rc;
}

DWORD document_export(const struct fax_export *ask,
                      struct fax_rendered **rendered_out) {
  DWORD rc = check(ask);
  if (rc != ERROR_SUCCESS) return rc;
  struct exporting e = {.ask = ask, .form = form_of(ask->output)};
  struct fax_rendered *done = NULL;
  rc = look(&e);
  if (rc == ERROR_SUCCESS) rc = make_work(&e);
  if (rc == ERROR_SUCCESS) rc = make(&e);
  if (rc == ERROR_SUCCESS) rc = name_pictures(&e);
  if (rc == ERROR_SUCCESS) rc = pack(&e, &done);
  if (rc == ERROR_SUCCESS) rc = keep(&e);
  if (rc != ERROR_SUCCESS && done != NULL) mem_free_tagged(done, MEM_BUFFER);
  for (DWORD i = 0; e.pages != NULL && i < e.info.pages; i++)
    mem_free((char *)(ULONG_PTR)e.pages[i].png);
  mem_free(e.pages);
  work_drop(e.work);
  if (rc == ERROR_SUCCESS) *rendered_out = done;
  return rc;
}
