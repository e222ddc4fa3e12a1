/* SPDX-License-Identifier: MIT
   A service of this process, reached through its socket as from another. */
#ifndef FAX_SPEC_IPC_STAGE_H
#define FAX_SPEC_IPC_STAGE_H

#include <jansson.h>
#include <stdio.h>

#include "service_stage.h"

static inline void ipc_path(const struct stage *st, char *path, size_t size) {
  snprintf(path, size, "%s/fax.sock", st->directory);
}

/* user NULL: the account of this process. */
static inline HANDLE ipc_connect(const struct stage *st, const char *user,
                                 DWORD rights) {
  char path[FOLDER_SIZE + 16];
  HANDLE handle;
  ipc_path(st, path, sizeof path);
  struct fax_connect connect = {
      .size = sizeof connect, .rights = rights, .user = user, .socket = path};
  if (!FaxConnect(&connect, &handle)) fail_msg("%s", FaxGetLastErrorMessage());
  return handle;
}

#endif
