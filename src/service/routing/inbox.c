/* SPDX-License-Identifier: MIT
   The inbox as a list. The folder itself is what holds it: a file's name tells
   when, where and whether it is whole; the jobs that this run remembers tell
   the rest. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "document/document.h"
#include "service/routing/inbox.h"
#include "service/state.h"

struct listing {
  struct fax_received *items; /* their texts are ours */
  DWORD count, room;
};

static void listing_free(struct listing *l) {
  for (DWORD i = 0; i < l->count; i++) {
    mem_free((char *)l->items[i].path);
    mem_free((char *)l->items[i].tsid);
    mem_free((char *)l->items[i].caller_id);
  }
  mem_free(l->items);
}

/* A name that this service gave; false for any other file. */
static bool parse(const char *name, struct fax_received *r,
                  DWORDLONG *boot_out) {
  struct tm tm = {0};
  unsigned device, job;
  unsigned long long boot;
  int end = 0;
  if (sscanf(name, "%4d%2d%2d-%2d%2d%2d-%llx-%u-%u%n", &tm.tm_year, &tm.tm_mon,
             &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &boot, &device,
             &job, &end) != 9)
    return false;
  bool incomplete = strcmp(name + end, INBOX_INCOMPLETE ".tif") == 0;
  if (!incomplete && strcmp(name + end, ".tif") != 0) return false;
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  *r = (struct fax_received){
      .size = sizeof *r,
      .complete = !incomplete,
      .bad_rows = FAX_UNKNOWN,
      .time = time_to_filetime((int64_t)timegm(&tm) * FAX_SECOND),
      .device_id = device,
      .job_id = job,
      .quality = FAX_UNKNOWN};
  *boot_out = boot;
  return true;
}

/* With the lock: what this run knows of a fax of its own. False: it came here a
   moment ago, and nobody was told yet. */
static bool add_known(struct service *s, struct fax_received *r) {
  const struct job *j = job_find_any(s, r->job_id);
  if (j != NULL && j->outcome == FAX_OUTCOME_PENDING) return false;
  if (j == NULL || j->path == NULL || strcmp(j->path, r->path) != 0)
    return true;
  r->pages = j->pages;
  r->bad_rows = j->bad_rows;
  r->quality = j->quality;
  r->tsid = mem_text(j->remote_id);
  r->caller_id = mem_text(j->caller_id);
  return true;
}

static DWORD make_room(struct listing *l) {
  if (l->count < l->room) return ERROR_SUCCESS;
  struct fax_received *items =
      mem_resize(l->items, (l->room + 64) * sizeof *items);
  if (items == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  l->items = items;
  l->room += 64;
  return ERROR_SUCCESS;
}

static DWORD add(struct connection *c, struct listing *l,
                 struct fax_received *r, const char *name, DWORDLONG boot) {
  struct service *s = c->service;
  struct document_info info;
  bool there = true;
  DWORD error = make_room(l);
  if (error != ERROR_SUCCESS) return error;
  r->path = mem_format("%s/%s", s->inbox, name);
  if (r->path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (boot == s->boot) error = service_enter(s);
  if (error == ERROR_SUCCESS && boot == s->boot) {
    there = add_known(s, r);
    service_leave(s);
  }
  if (error != ERROR_SUCCESS || !there) {
    mem_free((char *)r->path);
    return error;
  }
  if (r->pages == 0 && document_inspect(r->path, &info) == ERROR_SUCCESS)
    r->pages = info.pages;
  l->items[l->count++] = *r;
  return ERROR_SUCCESS;
}

static DWORD read_folder(struct connection *c, int64_t after,
                         struct listing *l) {
  struct fax_received r;
  struct dirent *entry;
  DWORDLONG boot;
  DWORD error = ERROR_SUCCESS;
  DIR *folder = opendir(c->service->inbox);
  if (folder == NULL) return error_errno(errno, "%s", c->service->inbox);
  while (error == ERROR_SUCCESS && (entry = readdir(folder)) != NULL)
    if (parse(entry->d_name, &r, &boot) && time_from_filetime(r.time) >= after)
      error = add(c, l, &r, entry->d_name, boot);
  closedir(folder);
  return error;
}

/* By the time and the run, which the names begin with in a form that sorts; the
   jobs of one run were stored in the order of their ids, or nearly so. */
static int by_time(const void *x, const void *y) {
  static const char form[] = "YYYYMMDD-HHMMSS-0123456789abcdef";
  const struct fax_received *a = x, *b = y;
  int order = strncmp(strrchr(a->path, '/'), strrchr(b->path, '/'),
                      sizeof form); /* with the slash */
  if (order != 0) return order;
  return a->job_id < b->job_id ? -1 : a->job_id > b->job_id;
}

/* The names tell whole seconds: a fax of the second in which `after` lies may
   be from before or after it, and is listed. */
static int64_t earliest(FILETIME after) {
  if (after.dwLowDateTime == 0 && after.dwHighDateTime == 0) return INT64_MIN;
  int64_t wall = time_from_filetime(after);
  return wall - wall % FAX_SECOND;
}

DWORD inbox_list(struct connection *c, FILETIME after,
                 struct fax_received **received_out, DWORD *count_out) {
  struct listing l = {0};
  void *block;
  DWORD error = access_check(c, FAX_JOB_QUERY);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  service_leave(c->service);
  error = read_folder(c, earliest(after), &l);
  if (error == ERROR_SUCCESS) {
    if (l.count > 1) qsort(l.items, l.count, sizeof *l.items, by_time);
    error = record_pack(&record_received, l.items, l.count, MEM_BUFFER, &block);
  }
  DWORD count = l.count;
  listing_free(&l);
  if (error != ERROR_SUCCESS) return error;
  *received_out = block;
  *count_out = count;
  return ERROR_SUCCESS;
}
