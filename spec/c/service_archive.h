/* SPDX-License-Identifier: MIT
   A service with an archive, faxes sent and received, and the archive's lists.
 */
#ifndef FAX_SPEC_SERVICE_ARCHIVE_H
#define FAX_SPEC_SERVICE_ARCHIVE_H

#include <fax/fax_archive.h>

#include "base/disk.h"
#include "service_runs.h"

static char archive[128];

static inline int set_up(void **unused) {
  (void)unused;
  runs_begin(2);
  snprintf(archive, sizeof archive, "%s/archive", st.directory);
  return 0;
}

static inline int restore_disk(void **state) {
  disk_layer = &disk_system;
  return tear_down(state);
}

static inline void archive_in(const char *folder) {
  FAX_CONFIGURATION *c = config_take(&st);
  c->ArchiveOutgoingFaxes = folder != NULL;
  c->ArchiveDirectory = folder;
  config_put(&st, c);
}

static inline void start_archiving(void) {
  start();
  archive_in(archive);
}

static inline void restart_archiving(void) {
  stop();
  start_archiving();
}

/* ---- lists ---- */

static inline struct fax_archived *list(const struct fax_archive_query *query,
                                        DWORD *count) {
  struct fax_archived *faxes;
  if (!FaxEnumArchive(st.server, query, &faxes, count))
    fail_msg("%s", FaxGetLastErrorMessage());
  return faxes;
}

/* The ids, as "1 2 3 ". */
static inline const char *ids(struct fax_archive_query query) {
  static char text[256];
  DWORD count;
  query.size = sizeof query;
  struct fax_archived *faxes = list(&query, &count);
  *text = '\0';
  for (DWORD i = 0; i < count; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%u ",
             faxes[i].id);
  FaxFreeBuffer(faxes);
  return text;
}

/* Until the file is there: the copy comes after the job's end. */
static inline struct fax_archived *wait_for(DWORD count) {
  for (;;) {
    DWORD there;
    struct fax_archived *faxes = list(NULL, &there);
    if (there == count) return faxes;
    FaxFreeBuffer(faxes);
    FaxClockWait(FaxClockNow() + FAX_SECOND / 100, NULL);
  }
}

static inline void wait_until(DWORD count) {
  FaxFreeBuffer(wait_for(count));
}

static inline DWORD send_to(const char *number) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = number,
                     .RecipientName = "Receiver",
                     .SenderName = "Sender",
                     .DocumentName = "Subject"};
  DWORD job;
  if (!FaxSendDocument(st.server, st.document, &p, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  stage_skip(&st, FEI_DELETED, job);
  return job;
}

static inline void receive(void) {
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
}

static inline void later(double seconds) {
  FaxClockWait(clock_after(FaxClockNow(), seconds), NULL);
}

#endif
