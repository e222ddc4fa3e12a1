/* SPDX-License-Identifier: MIT
   What all that handles pages with libtiff needs. */
#include "document/tiff.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

static int say_nothing(TIFF *tiff, void *arg, const char *module,
                       const char *format, va_list args) {
  (void)tiff, (void)arg, (void)module, (void)format, (void)args;
  return 1;
}

TIFFOpenOptions *pages_quiet(void) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (options == NULL) return NULL;
  TIFFOpenOptionsSetErrorHandlerExtR(options, say_nothing, NULL);
  TIFFOpenOptionsSetWarningHandlerExtR(options, say_nothing, NULL);
  return options;
}

/* Without mapping: a file that is cut under us must not be SIGBUS. */
DWORD pages_open(const char *path, TIFF **tiff_out) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return error_errno(errno, "%s", path);
  TIFFOpenOptions *options = pages_quiet();
  TIFF *tiff = options != NULL ? TIFFFdOpenExt(fd, path, "rm", options) : NULL;
  TIFFOpenOptionsFree(options);
  if (tiff == NULL) {
    close(fd);
    return error_say(ERROR_FILE_CORRUPT, "%s: the pages cannot be read", path);
  }
  *tiff_out = tiff; /* which closes the descriptor */
  return ERROR_SUCCESS;
}

void pages_copy_tags(TIFF *in, TIFF *out) {
  static const ttag_t numbers[] = {TIFFTAG_FILLORDER, TIFFTAG_PHOTOMETRIC,
                                   TIFFTAG_RESOLUTIONUNIT};
  static const ttag_t ratios[] = {TIFFTAG_XRESOLUTION, TIFFTAG_YRESOLUTION};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    uint16_t value;
    if (TIFFGetField(in, numbers[i], &value))
      TIFFSetField(out, numbers[i], value);
  }
  for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
    float value;
    if (TIFFGetField(in, ratios[i], &value))
      TIFFSetField(out, ratios[i], value);
  }
}
