/* SPDX-License-Identifier: MIT
   Documents as fax pages without a service: the TIFF/F, pictures of its pages,
   and their description. Everything is made in folders of its own and gets its
   name when all of it is there. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/chain.h"
#include "document/inspect.h"
#include "document/renderer.h"
#include "document/work.h"
#include "model/record.h"

#define DOCUMENT "document.tif"

struct rendering {
  const struct fax_render *ask;
  char *work;     /* where the TIFF/F is made */
  char *pictures; /* where the PNGs are made */
  char *path;     /* the TIFF/F in `work` */
  struct document_info info;
  bool unchanged;
  struct fax_page *pages; /* info.pages of them */
};

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

static DWORD check(const struct fax_render *ask) {
  if (ask->size < sizeof *ask)
    return error_say(ERROR_INVALID_PARAMETER, "size is too small");
  if (ask->files == NULL || ask->file_count == 0)
    return error_say(ERROR_INVALID_PARAMETER, "there is no file to render");
  for (DWORD i = 0; i < ask->file_count; i++)
    if (ask->files[i] == NULL)
      return error_say(ERROR_INVALID_PARAMETER, "the name of a file is NULL");
  if (ask->resolution > FAX_RESOLUTION_STANDARD)
    return error_say(ERROR_INVALID_PARAMETER, "no such resolution: %u",
                     ask->resolution);
  if (ask->paper > FAX_PAPER_LEGAL)
    return error_say(ERROR_INVALID_PARAMETER, "no such paper: %u", ask->paper);
  return ERROR_SUCCESS;
}

/* A folder to work in, in the file system where the result will be. */
static DWORD make_work(struct rendering *r) {
  const char *folder = getenv("TMPDIR");
  if (folder == NULL || folder[0] != '/') folder = "/tmp";
  if (r->ask->png != NULL) folder = r->ask->png;
  char *beside = r->ask->output != NULL ? mem_text(r->ask->output)
                                        : mem_format("%s/fax", folder);
  DWORD rc = beside != NULL ? work_make(beside, &r->work) : no_memory();
  mem_free(beside);
  if (rc != ERROR_SUCCESS) return rc;
  r->path = mem_format("%s/" DOCUMENT, r->work);
  return r->path != NULL ? ERROR_SUCCESS : no_memory();
}

static DWORD describe_page(void *arg, const struct document_page *page) {
  struct rendering *r = arg;
  r->pages[page->number - 1] =
      (struct fax_page){.number = page->number,
                        .width = page->width,
                        .height = page->height,
                        .x_resolution = page->x_resolution,
                        .y_resolution = page->y_resolution};
  return ERROR_SUCCESS;
}

static DWORD make_document(struct rendering *r) {
  struct document_options options = {.resolution = r->ask->resolution,
                                     .paper = r->ask->paper,
                                     .patience = r->ask->patience};
  int fd;
  DWORDLONG bytes;
  DWORD rc = document_prepare(r->ask->files, r->ask->file_count, &options,
                              r->path, &r->info, &r->unchanged);
  if (rc != ERROR_SUCCESS) return rc;
  r->pages = mem_alloc(r->info.pages * sizeof *r->pages);
  if (r->pages == NULL) return no_memory();
  rc = chain_open(r->path, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  return inspect_pages(fd, r->path, bytes, describe_page, r, &r->info);
}

static DWORD name_picture(struct rendering *r, DWORD page) {
  char *name = mem_format("%s/page-%03u.png", r->ask->png, page + 1);
  r->pages[page].png = name;
  if (name == NULL) return no_memory();
  return work_keep(r->pictures, strrchr(name, '/') + 1, name);
}

static DWORD make_pictures(struct rendering *r) {
  const char *path = r->path;
  char *beside = mem_format("%s/fax", r->ask->png);
  DWORD rc = beside != NULL ? work_make(beside, &r->pictures) : no_memory();
  mem_free(beside);
  if (rc != ERROR_SUCCESS) return rc;
  struct renderer_job job = {.files = &path,
                             .count = 1,
                             .resolution = r->info.y_resolution <= 101
                                               ? FAX_RESOLUTION_STANDARD
                                               : FAX_RESOLUTION_FINE,
                             .patience = r->ask->patience,
                             .work = r->pictures,
                             .png = true};
  rc = renderer_run(&job);
  for (DWORD i = 0; rc == ERROR_SUCCESS && i < r->info.pages; i++)
    rc = name_picture(r, i);
  return rc;
}

static DWORD pack(const struct rendering *r, struct fax_rendered **out) {
  struct fax_rendered all = {.size = sizeof all,
                             .page_count = r->info.pages,
                             .pages = r->pages,
                             .output = r->ask->output,
                             .unchanged = r->unchanged};
  void *block;
  DWORD rc = record_pack(&record_rendered, &all, 1, MEM_BUFFER, &block);
  if (rc == ERROR_SUCCESS) *out = block;
  return rc;
}

static void drop(struct rendering *r) {
  for (DWORD i = 0; r->pages != NULL && i < r->info.pages; i++)
    mem_free((char *)(ULONG_PTR)r->pages[i].png);
  mem_free(r->pages);
  mem_free(r->path);
  work_drop(r->work);
  work_drop(r->pictures);
}

DWORD document_render(const struct fax_render *ask,
                      struct fax_rendered **rendered_out) {
  struct fax_rendered *done = NULL;
  DWORD rc = check(ask);
  if (rc != ERROR_SUCCESS) return rc;
  struct rendering r = {.ask = ask};
  if (ask->png != NULL) rc = document_folder(ask->png);
  if (rc == ERROR_SUCCESS) rc = make_work(&r);
  if (rc == ERROR_SUCCESS) rc = make_document(&r);
  if (rc == ERROR_SUCCESS && ask->png != NULL) rc = make_pictures(&r);
  if (rc == ERROR_SUCCESS) rc = pack(&r, &done);
  if (rc == ERROR_SUCCESS && ask->output != NULL)
    rc = work_keep(r.work, DOCUMENT, ask->output);
  if (rc != ERROR_SUCCESS && done != NULL) mem_free_tagged(done, MEM_BUFFER);
  drop(&r);
  if (rc == ERROR_SUCCESS) *rendered_out = done;
  return rc;
}
