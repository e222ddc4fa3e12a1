/* SPDX-License-Identifier: MIT
   Removes the working folders that a process left behind when it was killed in
   the middle of a document. */
#include <dirent.h>
#include <string.h>

#include "base/mem.h"
#include "document/document.h"
#include "document/work.h"

void document_sweep(const char *folder) {
  struct dirent *entry;
  DIR *list = opendir(folder);
  if (list == NULL) return;
  while ((entry = readdir(list)) != NULL)
    if (strstr(entry->d_name, WORK_MARK) != NULL)
      work_drop(mem_format("%s/%s", folder, entry->d_name));
  closedir(list);
}
