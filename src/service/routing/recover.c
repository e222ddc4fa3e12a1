/* SPDX-License-Identifier: MIT
   What a crash left behind. Receptions: pages that can be read go to the inbox,
   marked incomplete; what cannot be read stays. What was in the making of
   documents to be sent goes. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/disk.h"
#include "document/document.h"
#include "service/archive/archive.h"
#include "service/durable/reception.h"
#include "service/record/record.h"
#include "service/routing/inbox.h"
#include "service/state.h"
#include "store/store.h"

/* The name that the router would have given; the date is the file's. */
static char *inbox_name(const struct service *s, const char *name,
                        const struct stat *st) {
  char date[32];
  struct tm tm;
  gmtime_r(&st->st_mtime, &tm);
  strftime(date, sizeof date, "%Y%m%d-%H%M%S", &tm);
  int stem = (int)(strlen(name) - strlen(".tif"));
  return mem_format("%s/%s-%.*s%s.tif", s->inbox, date, stem, name,
                    INBOX_INCOMPLETE);
}

/* The attempt is over. Its device and job are in the file's name. */
static void record(struct service *s, const char *name, const struct stat *st,
                   DWORD pages) {
  unsigned device, job;
  if (sscanf(name, "%*[0-9a-f]-%u-%u", &device, &job) != 2) return;
  int64_t ended =
      (int64_t)st->st_mtim.tv_sec * FAX_SECOND + st->st_mtim.tv_nsec;
  struct reception who = reception_read(s, job);
  record_reception(s, device, job, ended, pages, (DWORDLONG)st->st_size, &who);
  reception_free(&who);
}

/* Without a row it gets one at the next start. */
static void enter(struct service *s, const char *path) {
  if (archive_adopt(s, strrchr(path, '/') + 1) == ERROR_SUCCESS) return;
  log_line(LOG_INBOUND, FAX_LOG_ERROR, "routing", "%s is not listed: %s", path,
           error_message());
}

static void store(struct service *s, const char *path, const char *to,
                  DWORD pages) {
  if (to == NULL || document_publish(path, to) != ERROR_SUCCESS) {
    log_line(LOG_INBOUND, FAX_LOG_ERROR, "routing", "%s cannot be stored: %s",
             path, error_message());
    return;
  }
  log_line(LOG_INBOUND, FAX_LOG_WARN, "routing",
           "a crash cut a reception short; its %u pages are %s", pages, to);
  enter(s, to);
}

static void recover(struct service *s, const char *name) {
  struct document_info info;
  struct stat st;
  char *path = mem_format("%s/%s", s->incoming, name);
  if (path == NULL || stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
    mem_free(path);
    return;
  }
  bool read = st.st_size != 0 &&
              document_inspect(path, &info) == ERROR_SUCCESS && info.pages > 0;
  record(s, name, &st, read ? info.pages : 0);
  /* As of any other reception: what lies in the inbox, or is gone, has a
     record. */
  store_catch_up(s->store);
  if (st.st_size == 0) {
    disk_unlink(path);
  } else if (read) {
    char *to = inbox_name(s, name, &st);
    store(s, path, to, info.pages);
    mem_free(to);
  } else {
    log_line(LOG_INBOUND, FAX_LOG_WARN, "routing",
             "a crash cut a reception short; no page of %s can be read", path);
  }
  mem_free(path);
}

static bool is_tiff(const char *name) {
  size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, ".tif") == 0;
}

void routing_recover(struct service *s) {
  DIR *folder = opendir(s->incoming);
  struct dirent *entry;
  if (folder == NULL) return;
  while ((entry = readdir(folder)) != NULL)
    if (is_tiff(entry->d_name)) recover(s, entry->d_name);
  closedir(folder);
  reception_sweep(s);
  document_sweep(s->spool);
}
