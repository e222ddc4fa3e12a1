/* SPDX-License-Identifier: MIT
   Finds what was installed beside libfax. Looks at files only. */
#include "base/where.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

/* The folder that this code was loaded from, links resolved, so that a link to
   libfax.so elsewhere still finds its companions. */
static char *folder_of_this_code(void) {
  char real[PATH_MAX];
  Dl_info info;
  if (dladdr((void *)(ULONG_PTR)where_companion, &info) == 0 ||
      info.dli_fname == NULL)
    return NULL;
  const char *name = info.dli_fname;
  /* The main program's name is what it was started by, maybe without a path. */
  if (strchr(name, '/') == NULL) name = "/proc/self/exe";
  if (realpath(name, real) == NULL && realpath("/proc/self/exe", real) == NULL)
    return NULL;
  *strrchr(real, '/') = '\0';
  return mem_text(real[0] != '\0' ? real : "/");
}

static int is_file(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

DWORD where_companion(const char *relative, char **path_out) {
  static const char *const places[] = {"fax", ".", "../fax"};
  char *folder = folder_of_this_code();
  if (folder == NULL)
    return error_say(ERROR_FILE_NOT_FOUND,
                     "%s: cannot tell where libfax was loaded from", relative);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    char *path = mem_format("%s/%s/%s", folder, places[i], relative);
    if (path == NULL) {
      mem_free(folder);
      return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
    }
    if (is_file(path)) {
      mem_free(folder);
      *path_out = path;
      return ERROR_SUCCESS;
    }
    mem_free(path);
  }
  error_say(ERROR_FILE_NOT_FOUND, "%s is not in %s/fax, %s or %s/../fax",
            relative, folder, folder, folder);
  mem_free(folder);
  return ERROR_FILE_NOT_FOUND;
}
