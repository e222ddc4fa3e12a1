/* SPDX-License-Identifier: MIT
   A fax in memory as other programs can show it: the file itself, a PDF, the
   picture of one page. fax-render makes them in a folder of their own. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "document/document.h"
#include "document/renderer.h"
#include "document/work.h"

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

static DWORD check_page(const char *path, const struct fax_file *ask) {
  DWORD pages;
  DWORD error = document_count(path, &pages);
  if (error != ERROR_SUCCESS) return error;
  if (ask->page >= 1 && ask->page <= pages) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "there is no page %u: the fax has %u", ask->page, pages);
}

static DWORD check(const char *path, const struct fax_file *ask) {
  if (ask->form > FAX_FORM_PNG)
    return error_say(ERROR_INVALID_PARAMETER, "no such form: %u", ask->form);
  if (ask->form == FAX_FORM_PNG) return check_page(path, ask);
  if (ask->page == 0) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "page %u: only a picture is of one page", ask->page);
}

/* Under that name in the folder. */
static DWORD render(const char *path, const struct fax_file *ask,
                    const char *work, const char *made) {
  bool pdf = ask->form == FAX_FORM_PDF;
  struct renderer_job job = {.files = &path,
                             .count = 1,
                             .work = work,
                             .exact = true,
                             .png = !pdf,
                             .page = ask->page,
                             .pdf = pdf ? made : NULL};
  return renderer_run(&job);
}

static DWORD make(const char *path, const struct fax_file *ask,
                  const char *work, BYTE **data_out, DWORD *size_out) {
  /* The name that fax-render gives to its first picture. */
  char *made = mem_format("%s/page-001.png", work);
  if (made == NULL) return no_memory();
  DWORD error = render(path, ask, work, made);
  if (error == ERROR_SUCCESS) error = file_read(made, data_out, size_out);
  mem_free(made);
  return error;
}

DWORD document_view(const char *path, const struct fax_file *ask,
                    const char *beside, BYTE **data_out, DWORD *size_out) {
  char *work = NULL;
  DWORD error = check(path, ask);
  if (error != ERROR_SUCCESS) return error;
  if (ask->form == FAX_FORM_TIFF) return file_read(path, data_out, size_out);
  error = work_make(beside, &work);
  if (error == ERROR_SUCCESS) error = make(path, ask, work, data_out, size_out);
  work_drop(work);
  return error;
}
