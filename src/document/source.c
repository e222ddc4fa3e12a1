/* SPDX-License-Identifier: MIT
   What tells one submitted document from another: the bytes of its files, in
   order, and how they become pages. */
#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "document/chain.h"
#include "document/document.h"

static DWORD add_file(struct digest *d, const char *path) {
  int fd;
  DWORDLONG bytes;
  DWORD rc = chain_open(path, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  digest_number(d, bytes); /* "ab", "c" is not "a", "bc" */
  if (!digest_file(d, fd)) rc = error_errno(errno, "%s", path);
  close(fd);
  return rc;
}

DWORD document_source(const char *const *files, DWORD count,
                      const struct document_options *options,
                      char text_out[DIGEST_TEXT]) {
  struct digest d;
  digest_begin(&d);
  digest_number(&d, options->resolution);
  digest_number(&d, options->paper);
  for (DWORD i = 0; i < count; i++) {
    DWORD rc = add_file(&d, files[i]);
    if (rc != ERROR_SUCCESS) return rc;
  }
  digest_end(&d, text_out);
  return ERROR_SUCCESS;
}
