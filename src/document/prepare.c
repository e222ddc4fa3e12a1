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

/* Copies the open file into the work folder and inspects the copy, so that
   what was inspected is what is kept. */
static DWORD copy_and_inspect(int from, const char *name, const char *work,
                              struct document_info *info_out) {
  char *path = mem_format("%s/" PAGES, work);
  if (path == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  int to = disk_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  DWORD rc = to < 0 ? error_errno(errno, "%s", path) : copy_bytes(from, to);
  mem_free(path);
  struct stat st = {.st_size = 0};
  if (rc == ERROR_SUCCESS && fstat(to, &st) != 0)
    rc = error_errno(errno, "%s", name);
  if (rc == ERROR_SUCCESS)
    return inspect_pages(to, name, (DWORDLONG)st.st_size, NULL, NULL, info_out);
  if (to >= 0) close(to);
  return rc;
}

/* Copies the file when it may be canonical. Success with a copy that is not
   canonical, or none: it is for the renderer. */
static DWORD try_copy(const char *file, const char *work,
                      struct document_info *info) {
  int fd;
  DWORDLONG bytes;
  struct chain_info chain = {.fax = false};
  DWORD rc = chain_open(file, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  if (chain_is_tiff(fd)) rc = chain_walk(fd, file, &chain);
  if (rc == ERROR_SUCCESS && chain.fax)
    rc = copy_and_inspect(fd, file, work, info);
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
                    struct document_info *info) {
  DWORD rc = check_files(files, count);
  if (rc != ERROR_SUCCESS) return rc;
  char *path = mem_format("%s/" PAGES, work);
  if (path == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  struct renderer_job job = {.files = files,
                             .count = count,
                             .resolution = options->resolution,
                             .paper = options->paper,
                             .patience = options->patience,
                             .work = work,
                             .output = path};
  disk_unlink(path);
  rc = renderer_run(&job);
  if (rc == ERROR_SUCCESS) rc = document_inspect(path, info);
  if (rc == ERROR_SUCCESS && !info->canonical)
    rc = error_say(ERROR_INTERNAL_ERROR, "%s: the renderer made no fax of it",
                   files[0]);
  mem_free(path);
  return rc;
}

/* Leaves PAGES in the folder. */
static DWORD make_pages(const char *const *files, DWORD count,
                        const struct document_options *options,
                        const char *work, struct document_info *info,
                        bool *unchanged) {
  DWORD rc = ERROR_SUCCESS;
  if (count == 1) rc = try_copy(files[0], work, info);
  *unchanged = rc == ERROR_SUCCESS && info->canonical;
  if (rc == ERROR_SUCCESS && !*unchanged)
    rc = render(files, count, options, work, info);
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

static DWORD name_pages(struct document_draft *d) {
  struct digest digest;
  DWORD rc = ERROR_SUCCESS;
  d->path = mem_format("%s/" PAGES, d->work);
  if (d->path == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  int fd = open(d->path, O_RDONLY | O_CLOEXEC);
  digest_begin(&digest);
  if (fd < 0 || !digest_file(&digest, fd))
    rc = error_errno(errno, "%s", d->path);
  if (fd >= 0) close(fd);
  digest_end(&digest, d->digest);
  return rc;
}

DWORD document_draft(const char *const *files, DWORD count,
                     const struct document_options *options, const char *folder,
                     struct document_draft *draft_out) {
  struct document_draft d = {.work = NULL};
  bool unchanged;
  char *beside = mem_format("%s/new", folder);
  if (beside == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  DWORD rc = work_make(beside, &d.work);
  mem_free(beside);
  if (rc == ERROR_SUCCESS)
    rc = make_pages(files, count, options, d.work, &d.info, &unchanged);
  if (rc == ERROR_SUCCESS) rc = name_pages(&d);
  if (rc != ERROR_SUCCESS) {
    document_draft_drop(&d);
    return rc;
  }
  *draft_out = d;
  return ERROR_SUCCESS;
}

void document_draft_drop(struct document_draft *d) {
  work_drop(d->work);
  d->work = NULL;
  d->path = mem_free(d->path);
}
