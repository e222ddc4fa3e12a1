/* SPDX-License-Identifier: MIT
   Makes one canonical TIFF/F of any documents: a copy of one that is canonical
   already, else what the renderer made of them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"
#include "document/chain.h"
#include "document/inspect.h"
#include "document/own.h"
#include "document/renderer.h"
#include "document/work.h"

#define PAGES "pages.tif"

/* From the beginning of the open file to its end; `text` NULL: nobody asks. */
static DWORD digest_of(int fd, const char *name, char *text) {
  struct digest d;
  if (text == NULL) return ERROR_SUCCESS;
  digest_begin(&d);
  if (lseek(fd, 0, SEEK_SET) != 0 || !digest_file(&d, fd))
    return error_errno(errno, "%s", name);
  digest_end(&d, text);
  return ERROR_SUCCESS;
}

/* Copies the open file to `path` and inspects the copy, so that what was
   inspected is what is kept. */
static DWORD copy_and_inspect(int from, const char *name, const char *path,
                              struct document_info *info_out, char *digest) {
  struct stat st = {.st_size = 0};
  int to = disk_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (to < 0) return error_errno(errno, "%s", path);
  DWORD rc = copy_bytes(from, to);
  if (rc == ERROR_SUCCESS && fstat(to, &st) != 0)
    rc = error_errno(errno, "%s", name);
  if (rc == ERROR_SUCCESS) rc = digest_of(to, name, digest);
  if (rc == ERROR_SUCCESS)
    return inspect_pages(to, name, (DWORDLONG)st.st_size, NULL, NULL, info_out);
  close(to);
  return rc;
}

/* Copies the file when it may be canonical. Success with a copy that is not
   canonical, or none: it is for the renderer. */
static DWORD try_copy(const char *file, const char *path,
                      struct document_info *info, char *digest) {
  int fd;
  DWORDLONG bytes;
  struct chain_info chain = {.fax = false};
  DWORD rc = chain_open(file, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  if (chain_is_tiff(fd)) rc = chain_walk(fd, chain_name(file), &chain);
  if (rc == ERROR_SUCCESS && chain.fax)
    rc = copy_and_inspect(fd, chain_name(file), path, info, digest);
  close(fd);
  return rc;
}

/* Clear errors for what is no document at all, before a process is started. */
static DWORD check_files(const char *const *files, DWORD count) {
  for (DWORD i = 0; i < count; i++) {
    int fd;
    DWORDLONG bytes;
    DWORD rc = chain_open(files[i], &fd, &bytes);
    if (rc != ERROR_SUCCESS) return rc;
    close(fd);
  }
  return ERROR_SUCCESS;
}

static DWORD render(const char *const *files, DWORD count,
                    const struct document_options *options, const char *work,
                    const char *path, struct document_info *info) {
  DWORD rc = check_files(files, count);
  if (rc != ERROR_SUCCESS) return rc;
  struct renderer_job job = {.files = files,
                             .count = count,
                             .resolution = options->resolution,
                             .paper = options->paper,
                             .patience = options->patience,
                             .work = work,
                             .output = path};
  rc = renderer_run(&job);
  if (rc == ERROR_SUCCESS) rc = document_inspect(path, info);
  if (rc == ERROR_SUCCESS && !info->canonical)
    rc = error_say(ERROR_INTERNAL_ERROR, "%s: the renderer made no fax of it",
                   chain_name(files[0]));
  return rc;
}

static char *pages_in(const char *work) {
  return mem_format("%s/" PAGES, work);
}

/* Leaves PAGES in the folder. */
static DWORD make_pages(const char *const *files, DWORD count,
                        const struct document_options *options,
                        const char *work, struct document_info *info,
                        bool *unchanged) {
  DWORD rc = ERROR_SUCCESS;
  char *path = pages_in(work);
  if (path == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (count == 1) rc = try_copy(files[0], path, info, NULL);
  *unchanged = rc == ERROR_SUCCESS && info->canonical;
  if (rc == ERROR_SUCCESS && !*unchanged) {
    disk_unlink(path);
    rc = render(files, count, options, work, path, info);
  }
  mem_free(path);
  return rc;
}

DWORD document_prepare(const char *const *files, DWORD count,
                       const struct document_options *options,
                       const char *output, struct document_info *info_out,
                       bool *unchanged_out) {
  struct document_info info = {.canonical = false};
  char *work = NULL;
  bool unchanged;
  if (count == 0) return error_say(ERROR_INVALID_PARAMETER, "no document");
  DWORD rc = work_make(output, &work);
  if (rc == ERROR_SUCCESS)
    rc = make_pages(files, count, options, work, &info, &unchanged);
  if (rc == ERROR_SUCCESS) rc = work_keep(work, PAGES, output);
  work_drop(work);
  if (rc != ERROR_SUCCESS) return rc;
  *info_out = info;
  if (unchanged_out != NULL) *unchanged_out = unchanged;
  return ERROR_SUCCESS;
}

/* ---- pages without a name of their own yet ---- */

/* A copy needs no folder, which costs the disk more than the file does. */
static DWORD draft_copy(const char *const *files, DWORD count,
                        const char *beside, struct document_draft *d) {
  DWORD rc = ERROR_SUCCESS;
  d->path = mem_format("%s" DRAFT_MARK, beside);
  if (d->path == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (count == 1) rc = try_copy(files[0], d->path, &d->info, d->digest);
  if (rc == ERROR_SUCCESS && d->info.canonical) return rc;
  disk_unlink(d->path);
  d->path = mem_free(d->path);
  return rc;
}

static DWORD draft_render(const char *const *files, DWORD count,
                          const struct document_options *options,
                          const char *beside, struct document_draft *d) {
  DWORD rc = work_make(beside, &d->work);
  if (rc != ERROR_SUCCESS) return rc;
  d->path = pages_in(d->work);
  if (d->path == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  rc = render(files, count, options, d->work, d->path, &d->info);
  if (rc != ERROR_SUCCESS) return rc;
  int fd = open(d->path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return error_errno(errno, "%s", d->path);
  rc = digest_of(fd, d->path, d->digest);
  close(fd);
  return rc;
}

DWORD document_draft(const char *const *files, DWORD count,
                     const struct document_options *options, const char *beside,
                     struct document_draft *draft_out) {
  struct document_draft d = {.work = NULL};
  DWORD rc = draft_copy(files, count, beside, &d);
  if (rc == ERROR_SUCCESS && d.path == NULL)
    rc = draft_render(files, count, options, beside, &d);
  if (rc != ERROR_SUCCESS) {
    document_draft_drop(&d);
    return rc;
  }
  *draft_out = d;
  return ERROR_SUCCESS;
}

void document_draft_drop(struct document_draft *d) {
  if (d->path != NULL) disk_unlink(d->path);
  document_draft_moved(d);
}

void document_draft_moved(struct document_draft *d) {
  work_drop(d->work);
  d->work = NULL;
  d->path = mem_free(d->path);
}
