/* SPDX-License-Identifier: MIT
   Finds what was installed beside libfax. Looks at files only. */
#include "base/where.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

/* The folder that this code was loaded from, links resolved, so that a link to
   libfax.so elsewhere still finds its companions. */
static char folder[PATH_MAX];
static bool folder_known;

/* At loading: the name may be relative, and the program may change its folder
   later. The main program's name is what it was started by, maybe without a
   path. */
__attribute__((constructor)) static void find_folder(void) {
  Dl_info info;
  if (dladdr((void *)(ULONG_PTR)where_companion, &info) == 0 ||
      info.dli_fname == NULL)
    return;
  const char *name = info.dli_fname;
  if (strchr(name, '/') == NULL) name = "/proc/self/exe";
  if (realpath(name, folder) == NULL) return;
  *strrchr(folder, '/') = '\0'; /* "" is the root */
  folder_known = true;
}

static bool is_file(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

DWORD where_companion(const char *relative, char **path_out) {
  static const char *const places[] = {"fax", ".", "../fax"};
  if (!folder_known)
    return error_say(ERROR_FILE_NOT_FOUND,
                     "%s: cannot tell where libfax was loaded from", relative);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    char *path = mem_format("%s/%s/%s", folder, places[i], relative);
    if (path == NULL)
      return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
    if (is_file(path)) {
      *path_out = path;
      return ERROR_SUCCESS;
    }
    mem_free(path);
  }
  return error_say(ERROR_FILE_NOT_FOUND, "%s is not in %s/fax, %s or %s/../fax",
                   relative, folder, folder, folder);
}
