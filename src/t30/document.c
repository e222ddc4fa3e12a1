/* SPDX-License-Identifier: MIT
   A look at the document before the call: is it a TIFF, how many pages. That
   each page decodes is src/document's business, who made the file. */
#include "t30/t30.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

static int no_words(TIFF *tiff, void *arg, const char *module,
                    const char *format, va_list args) {
  (void)tiff;
  (void)arg;
  (void)module;
  (void)format;
  (void)args;
  return 1; /* said: the process-wide handlers stay silent */
}

DWORD t30_count_pages(const char *path, DWORD *pages_out) {
  TIFFOpenOptions *options;
  TIFF *tiff;
  if (access(path, R_OK) != 0) return error_errno(errno, "%s", path);
  options = TIFFOpenOptionsAlloc();
  if (options == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  TIFFOpenOptionsSetErrorHandlerExtR(options, no_words, NULL);
  TIFFOpenOptionsSetWarningHandlerExtR(options, no_words, NULL);
  tiff = TIFFOpenExt(path, "rm", options);
  TIFFOpenOptionsFree(options);
  if (tiff == NULL)
    return error_say(ERROR_INVALID_DATA, "%s: not a fax document", path);
  *pages_out = TIFFNumberOfDirectories(tiff);
  TIFFClose(tiff);
  if (*pages_out == 0)
    return error_say(ERROR_INVALID_DATA, "%s: without a page", path);
  return ERROR_SUCCESS;
}
