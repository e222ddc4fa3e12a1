/* SPDX-License-Identifier: MIT
   The files of a call as TIFFs: how many pages there are, and whether libtiff
   complained. That each page decodes is src/document's business. */
#include "t30/t30.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

_Thread_local bool t30_file_failed;

static void on_complaint(const char *module, const char *format, va_list args) {
  (void)module;
  (void)format;
  (void)args;
  t30_file_failed = true;
}

static void set_handlers(void) {
  TIFFSetErrorHandler(on_complaint);
  TIFFSetWarningHandler(NULL);
}

void t30_listen_to_libtiff(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_handlers);
}

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
