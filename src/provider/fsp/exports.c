/* SPDX-License-Identifier: MIT
   What a module exports, by the names of faxdev.h. Calls nothing of it. */
#include <dlfcn.h>
#include <string.h>

#include "base/error.h"
#include "provider/fsp/fsp.h"

struct export_name {
  const char *name;
  size_t offset;
  bool required;
};

static const struct export_name names[] = {
    {"fax_provider_options", offsetof(struct fsp_exports, options), false},
    {"fax_provider_string", offsetof(struct fsp_exports, string), false},
    {"FaxDevVirtualDeviceCreation", offsetof(struct fsp_exports, create),
     false},
    {"FaxDevInitialize", offsetof(struct fsp_exports, initialize), true},
    {"FaxDevStartJob", offsetof(struct fsp_exports, start_job), true},
    {"FaxDevEndJob", offsetof(struct fsp_exports, end_job), true},
    {"FaxDevSend", offsetof(struct fsp_exports, send), true},
    {"FaxDevReceive", offsetof(struct fsp_exports, receive), true},
    {"FaxDevReportStatus", offsetof(struct fsp_exports, report_status), true},
    {"FaxDevAbortOperation", offsetof(struct fsp_exports, abort_operation),
     true},
    {"FaxDevShutdown", offsetof(struct fsp_exports, shutdown), false},
};

DWORD exports_find(struct fsp *fsp, const char *path) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    void *found = dlsym(fsp->module, names[i].name);
    if (found == NULL && names[i].required)
      return error_say(ERROR_PROC_NOT_FOUND, "%s: %s does not export %s",
                       fsp->name, path, names[i].name);
    /* POSIX lets a function pointer be stored as an object pointer. */
    memcpy((char *)&fsp->exports + names[i].offset, &found, sizeof found);
  }
  return ERROR_SUCCESS;
}
