/* SPDX-License-Identifier: MIT
   The inbox: what its names say, and its faxes as a list, which is that of the
   archive. */
#include "service/routing/inbox.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "service/archive/archive.h"
#include "service/archive/list.h"

bool inbox_parse(const char *name, struct fax_archived *fax_out) {
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
  *fax_out = (struct fax_archived){
      .size = sizeof *fax_out,
      .folder = FAX_ARCHIVE_RECEIVED,
      .time = time_to_filetime((int64_t)timegm(&tm) * FAX_SECOND),
      .job_id = job,
      .complete = !incomplete,
      .quality = FAX_UNKNOWN,
      .bad_rows = FAX_UNKNOWN,
      .device_id = device};
  return true;
}

static struct fax_received received(const struct fax_archived *fax) {
  return (struct fax_received){.size = sizeof(struct fax_received),
                               .path = fax->path,
                               .pages = fax->pages,
                               .complete = fax->complete,
                               .bad_rows = fax->bad_rows,
                               .time = fax->time,
                               .device_id = fax->device_id,
                               .job_id = fax->job_id,
                               .tsid = fax->remote_id,
                               .caller_id = fax->number,
                               .quality = fax->quality};
}

static DWORD pack(const struct archive_listing *l,
                  struct fax_received **received_out) {
  struct fax_received *all = mem_alloc((l->count + 1) * sizeof *all);
  void *block;
  if (all == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < l->count; i++) all[i] = received(l->faxes[i]);
  DWORD error =
      record_pack(&record_received, all, l->count, MEM_BUFFER, &block);
  mem_free(all);
  if (error == ERROR_SUCCESS) *received_out = block;
  return error;
}

DWORD inbox_list(struct connection *c, FILETIME after,
                 struct fax_received **received_out, DWORD *count_out) {
  struct fax_archive_query query = {
      .size = sizeof query, .folder = FAX_ARCHIVE_RECEIVED, .after = after};
  struct archive_listing l = {0};
  DWORD error = access_check(c, FAX_JOB_QUERY);
  if (error == ERROR_SUCCESS) error = archive_collect(c, &query, &l);
  if (error == ERROR_SUCCESS) error = pack(&l, received_out);
  if (error == ERROR_SUCCESS) *count_out = l.count;
  archive_listing_free(&l);
  return error;
}
