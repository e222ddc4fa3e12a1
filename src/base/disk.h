/* SPDX-License-Identifier: MIT
   The file functions of durable state: all that makes, fills, names and removes
   files that must be there again after a crash (spool, incoming, inbox,
   archive, registrations) goes by these, and so can be counted, made to fail
   and recorded by a test program. Reading needs none of it; nor do the log and
   the files that are only locks.

   Some bytes come by themselves: libtiff, fax-render, providers and SQLite
   write with the system's own functions. What makes such a file durable is
   disk_sync_file before it gets its final name; SQLite's has a layer of its
   own (sqlite3_vfs).

   As the system's functions they set errno; none allocates or takes a lock. */
#ifndef FAX_BASE_DISK_H
#define FAX_BASE_DISK_H

#include <fax/faxtypes.h>
#include <sys/types.h>

/* `site` names the call in the source: a layer can leave out one sync. */
struct disk_layer {
  int (*open)(const char *path, int flags, mode_t mode);
  ssize_t (*write)(int fd, const void *from, size_t size);
  ssize_t (*copy)(int from, int to, size_t size); /* copy_file_range */
  int (*truncate)(int fd, off_t size);
  int (*sync)(int fd, const char *site); /* of a file or a folder */
  int (*rename)(const char *from, const char *to, unsigned flags);
  int (*link)(const char *from, const char *to);
  int (*unlink)(const char *path);
  int (*mkdir)(const char *path, mode_t mode);
  char *(*mkdtemp)(char *form);
  int (*rmdir)(const char *path);
};

/* The system's. */
extern const struct disk_layer disk_system;
/* What the functions below call. Changed only while none of them runs. */
extern const struct disk_layer *disk_layer;

/* ---- as the system's, one by one ---- */

int disk_open(const char *path, int flags, mode_t mode);
int disk_truncate(int fd, off_t size);
int disk_rename(const char *from, const char *to);
int disk_link(const char *from, const char *to);
int disk_unlink(const char *path);
int disk_mkdir(const char *path, mode_t mode);
char *disk_mkdtemp(char *form);
int disk_rmdir(const char *path);

/* Both as often as it takes, after an interruption again. -1: errno. What was
   written by then is written. */
int disk_write(int fd, const void *from, size_t size);
/* From where the one file stands to its end, to where the other stands. */
int disk_copy(int from, int to);

/* EEXIST: a file of the new name is there, and nothing was done. */
int disk_rename_new(const char *from, const char *to);

/* ---- syncs ----
   After a sync what the file holds stays, whatever happens to the power; after
   that of a folder so do the names in it. A new name in a folder is safe when
   the folder was synced, and not by the sync of its file. */

#define DISK_TEXT_OF(x) #x
#define DISK_TEXT(x) DISK_TEXT_OF(x)
#define DISK_HERE __FILE__ ":" DISK_TEXT(__LINE__)

#define disk_sync(fd) disk_sync_at(fd, DISK_HERE)
int disk_sync_at(int fd, const char *site);

/* With the sentence (base/error.h). A file system that cannot sync a folder
   has nothing to be done for it. */
#define disk_sync_file(path) disk_sync_file_at(path, DISK_HERE)
#define disk_sync_folder(path) disk_sync_folder_at(path, DISK_HERE)
/* The folder that holds `path`. */
#define disk_sync_folder_of(path) disk_sync_folder_of_at(path, DISK_HERE)
DWORD disk_sync_file_at(const char *path, const char *site);
DWORD disk_sync_folder_at(const char *path, const char *site);
DWORD disk_sync_folder_of_at(const char *path, const char *site);

#endif
