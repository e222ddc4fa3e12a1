/* SPDX-License-Identifier: MIT
   Files of pages by their content: one file however many have these pages, and
   gone with the last of them. Knows no job. All of it blocks on the disk, so
   nothing of it is called under a lock. */
#ifndef FAX_DOCUMENT_SPOOL_H
#define FAX_DOCUMENT_SPOOL_H

#include "document/document.h"

struct spool;      /* a folder of such files; counted */
struct spool_file; /* one name in it, while somebody uses it */

DWORD spool_open(const char *folder, struct spool **spool_out);
/* Before the folder becomes somebody else's: from now on nothing is removed. */
void spool_close(struct spool *s);

/* The name of pages with this digest; others come from earlier versions. */
#define SPOOL_NAME (DIGEST_TEXT + 4)
void spool_name(const char *digest, char name_out[SPOOL_NAME]);

/* A use of the file of that name, which need not be there yet. While it is
   used it is not removed; a removal under way is waited for. Gives. */
DWORD spool_use(struct spool *s, const char *name,
                struct spool_file **file_out);
/* Takes it; NULL ok. The last one removes the file. */
void spool_drop(struct spool_file *f);
/* From now on the file stays, whoever drops it: something else names it. */
void spool_keep(struct spool_file *f);

/* The file of that name stays, whoever uses it: what names it is left alone. */
DWORD spool_hold(struct spool *s, const char *name);

const char *spool_path(const struct spool_file *f);

/* The file is there and whole: it was published, or is what its name says. The
   second is found by reading it, and remembered; a file whose name says nothing
   is taken for whole. */
bool spool_sound(struct spool_file *f);
/* It was published. */
void spool_there(struct spool_file *f);

/* Publishes a finished file under that name: synced, renamed, the folder
   synced. Replaces what is there, which has the same pages or is damaged. */
DWORD spool_publish(struct spool_file *f, const char *from);

/* Removes files of pages that nobody uses, and drafts that were left behind.
   Gives how many documents there were. */
DWORD spool_sweep(struct spool *s);

#endif
