/* SPDX-License-Identifier: MIT
   A folder of its own for each document in the making, beside its output, so
   that whatever ends the making leaves nothing behind. Private to the room and
   to src/api. */
#ifndef FAX_DOCUMENT_WORK_H
#define FAX_DOCUMENT_WORK_H

#include <fax/faxerr.h>

/* In the name of every such folder. */
#define WORK_MARK ".work-"

/* Makes `<beside>.work-XXXXXX`, mode 0700; gives its name. */
DWORD work_make(const char *beside, char **folder_out);

/* Moves what is in `folder` under `name` to `to` in the same file system,
   synced with its new folder; replaces a file that is there, and nothing else.
 */
DWORD work_keep(const char *folder, const char *name, const char *to);

/* Removes the folder with all files in it and frees its name (takes; NULL
   ok). Leaves the thread's error sentence alone. */
void work_drop(char *folder);

#endif
