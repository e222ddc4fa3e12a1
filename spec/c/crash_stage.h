/* SPDX-License-Identifier: MIT
   The service in a process that may die, with a provider that tells the log
   what the other side saw. All documents have three pages; time is virtual: a
   second that passed means that whatever had to be written is written. */
#ifndef FAX_SPEC_CRASH_STAGE_H
#define FAX_SPEC_CRASH_STAGE_H

#include <fax/fax_archive.h>
#include <fax/faxwin.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "crash_replay.h"
#include "folder.h"
#include "service/bundle/bundle.h"
#include "service_fsp.h"

enum { CRASH_PAGES = 3, CRASH_RECEPTION = 1000 };

/* What a number does; anything else: all pages, FS_COMPLETED. */
#define CRASH_PLAIN "1"
#define CRASH_BUSY "2"    /* the first call of the job is busy */
#define CRASH_CUT_OFF "3" /* the first call ends after two pages */

static char
    crash_folder[FOLDER_SIZE]; /* of everything; the root is a folder in it */
static char crash_document[96];

static struct {
  HANDLE server;
  bool archive;
  DWORD batch; /* jobs in one call, when they go together */
  enum fsp_reception reception;
} crash_stage;

/* ---- the provider ---- */

static inline bool crash_second(const struct fsp_call *c) {
  return fsp_sleep(c, 1, false);
}

static inline bool crash_first_call(DWORD job) {
  return crash_count_of(CRASH_CALL, job, 0, 0, crash_now()) == 1;
}

/* What the other side confirmed is said again when there was no memory. */
static inline void crash_report_pages(struct fsp_call *c) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.pages_confirmed = ++c->confirmed;
  while (!FaxOperationReport(c->port, c->key, &p))
    crash_hold(FaxGetLastError() == ERROR_NOT_ENOUGH_MEMORY, "report: %s",
               FaxGetLastErrorMessage());
}

/* Whose page that of the call is, which its provider is not told. */
struct crash_place {
  DWORD job, page;
};

static inline struct crash_place crash_place_in(const struct attempt *a,
                                                DWORD job, DWORD page) {
  const struct bundle *b = a != NULL ? a->bundle : NULL;
  for (DWORD i = 0; b != NULL && i < b->count; i++)
    if (share_has(&b->parts[i].share, page))
      return (struct crash_place){b->parts[i].job->id,
                                  share_page(&b->parts[i].share, page)};
  return (struct crash_place){job, page};
}

static inline struct crash_place crash_place_of(const struct fsp_call *c,
                                                DWORD job, DWORD page) {
  struct service *s = service_current();
  if (s == NULL) return (struct crash_place){job, page};
  pthread_mutex_lock(&s->lock);
  const struct port *p = port_find(s, c->device);
  struct crash_place at =
      crash_place_in(p != NULL ? p->attempt : NULL, job, page);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  return at;
}

/* That this page ends is on the disk, and so is what was confirmed before. */
static inline bool crash_commit(const struct fsp_call *c, DWORD job,
                                DWORD page) {
  struct crash_place before = crash_place_of(c, job, page - 1);
  if (!FaxOperationCommit(c->port, c->key, page, FAX_FOREVER)) return false;
  if (c->confirmed > 0) crash_mark(CRASH_SAFE, before.job, before.page);
  return true;
}

/* The page goes out and is confirmed. Else the status of the end. `job` is the
   first of the call. */
static inline DWORD crash_page(struct fsp_call *c, DWORD job, DWORD page) {
  if (!crash_second(c)) return FS_USER_ABORT;
  crash_step();
  struct crash_place at = crash_place_of(c, job, page);
  if (!crash_commit(c, job, page))
    return FaxGetLastError() == ERROR_OPERATION_ABORTED ? FS_USER_ABORT
                                                        : FS_FATAL_ERROR;
  if (at.job != job) crash_mark(CRASH_CALL, at.job, at.page);
  crash_mark(CRASH_SENT, at.job, at.page);
  crash_step();
  crash_mark(CRASH_CONFIRMED, at.job, at.page);
  crash_report_pages(c);
  return 0;
}

static inline DWORD crash_pages(struct fsp_call *c, DWORD job, DWORD page,
                                DWORD last) {
  FaxOperationCommit(c->port, c->key, 0, 0); /* each will be asked for */
  DWORD status = 0;
  for (; status == 0 && page <= last; page++) status = crash_page(c, job, page);
  return status;
}

static inline BOOL crash_send(HANDLE handle, PFAX_SEND send,
                              PFAX_SEND_CALLBACK callback) {
  struct fsp_call *c = handle;
  struct fax_operation told = {.size = sizeof told};
  const char *number = send->ReceiverNumber;
  (void)callback;
  FaxOperationQuery(c->port, c->key, &told);
  crash_mark(CRASH_CALL, told.job_id, told.first_page);
  bool first = crash_first_call(told.job_id);
  DWORD pages = pages_count(send->FileName);
  if (pages != CRASH_PAGES && (crash_stage.batch == 0 || pages == 0))
    crash_fail("job %u: its document is damaged", told.job_id);
  fsp_post(c, FS_DIALING, 0);
  if (!crash_second(c)) return fsp_over(c, FS_USER_ABORT);
  if (first && strcmp(number, CRASH_BUSY) == 0) return fsp_over(c, FS_BUSY);
  bool cut_off = first && strcmp(number, CRASH_CUT_OFF) == 0;
  DWORD status = crash_pages(c, told.job_id, told.first_page,
                             cut_off ? CRASH_PAGES - 1 : pages);
  if (status == 0) status = cut_off ? FS_DISCONNECTED : FS_COMPLETED;
  return fsp_over(c, status);
}

/* Two pages, one after the other, or one and the end. */
static inline BOOL crash_receive(HANDLE handle, HCALL call,
                                 PFAX_RECEIVE receive) {
  struct fsp_call *c = handle;
  DWORD pages = crash_stage.reception == FSP_WHOLE ? 2 : 1;
  DWORD id = CRASH_RECEPTION + c->device;
  (void)call;
  crash_mark(CRASH_CALL, id, 1);
  for (DWORD page = 1; page <= pages; page++) {
    if (!crash_second(c)) return fsp_over(c, FS_USER_ABORT);
    if (!pages_add(receive->FileName, page == 1 ? "w" : "a", PAGES_SHORT,
                   page - 1, 2, 100, 98))
      return fsp_over(c, FS_FATAL_ERROR);
    crash_step();
    crash_mark(CRASH_TAKEN, id, page);
    crash_report_pages(c);
  }
  crash_step();
  return fsp_over(c, pages == 2 ? FS_COMPLETED : FS_DISCONNECTED);
}

/* ---- the service ---- */

static inline void crash_below(char *path, size_t size, const char *name) {
  snprintf(path, size, "%s/%s", crash->root, name);
}

/* In a new process: whatever it was that died, it is a day later. */
static inline void crash_set_up(int day) {
  alarm(120); /* of a process that hangs nobody learns anything */
  crash_disk_use();
  fsp_set(CRASH_PAGES);
  fsp_script.send = crash_send;
  fsp_script.receive = crash_receive;
  crash_hold(FaxClockVirtual((INT64_C(1767268800) + day * 86400) * FAX_SECOND),
             "no clock");
}

static inline bool crash_try_start(void) {
  struct fax_service_config config;
  struct fax_provider_config forward = {.name = "forward"};
  char directory[160];
  crash_below(directory, sizeof directory, "state");
  FaxServiceDefaults(&config);
  config.directory = directory;
  config.providers = &forward;
  config.provider_count = 1;
  config.retries = 2;
  config.retry_delay = 600;
  config.batch = crash_stage.batch;
  if (config.batch != 0) config.branding = FALSE;
  if (!FaxServiceStart(&config)) return false;
  while (!FaxConnectFaxServer(NULL, &crash_stage.server))
    crash_hold(FaxGetLastError() == ERROR_NOT_ENOUGH_MEMORY, "connect: %s",
               FaxGetLastErrorMessage());
  return true;
}

/* Half a second behind what the provider does. */
static inline void crash_wait(int seconds) {
  static bool half;
  FaxClockWait(
      FaxClockNow() + seconds * FAX_SECOND + (half ? 0 : FAX_SECOND / 2), NULL);
  half = true;
}

static inline bool crash_set_archive(void) {
  FAX_CONFIGURATION *c;
  char folder[160];
  crash_below(folder, sizeof folder, "archive");
  if (!FaxGetConfiguration(crash_stage.server, &c)) return false;
  c->ArchiveOutgoingFaxes = TRUE;
  c->ArchiveDirectory = folder;
  bool ok = FaxSetConfiguration(crash_stage.server, c);
  FaxFreeBuffer(c);
  return ok;
}

static inline void crash_stop(void) {
  fax_deadline now = FaxClockNow();
  crash_hold(FaxServiceStop(now + 60 * FAX_SECOND, now), "stop: %s",
             FaxGetLastErrorMessage());
  FaxClose(crash_stage.server);
}

/* ---- submissions ---- */

/* A key is a number here; 0: none. */
struct crash_request {
  FAX_JOB_PARAM params;
  struct fax_submission sub;
  char key[16];
  unsigned key_number;
};

static inline void crash_ask(struct crash_request *r, const char *number,
                             HANDLE document, unsigned key) {
  static const char *file = crash_document;
  *r = (struct crash_request){
      .params = {.SizeOfStruct = sizeof r->params, .RecipientNumber = number},
      .sub = {.size = sizeof r->sub,
              .document = document,
              .params = &r->params,
              .retries = FAX_UNKNOWN,
              .retry_delay = FAX_UNKNOWN,
              .ecm = FAX_UNKNOWN},
      .key_number = key};
  if (document == NULL) r->sub.files = &file;
  if (document == NULL) r->sub.file_count = 1;
  snprintf(r->key, sizeof r->key, "key-%u", key);
  if (key == 0) return;
  r->sub.key = r->key;
  crash_mark(CRASH_ASKED, 0, key);
}

static inline void crash_answer(const struct crash_request *r, DWORD id) {
  if (id != 0)
    crash_mark(CRASH_ACCEPTED, id, r->key_number);
  else
    crash_mark(CRASH_REFUSED, 0, FaxGetLastError());
}

/* The id; 0: refused. */
static inline DWORD crash_submit_with(const char *number, HANDLE document,
                                      unsigned key) {
  struct crash_request r;
  DWORD id = 0;
  crash_ask(&r, number, document, key);
  FaxSubmit(crash_stage.server, &r.sub, &id);
  crash_answer(&r, id);
  return id;
}

static inline DWORD crash_submit(const char *number, HANDLE document) {
  return crash_submit_with(number, document, 0);
}

/* Three that the disk takes together. */
static inline void crash_submit_all(HANDLE document, unsigned first_key) {
  struct crash_request r[3];
  struct fax_submission subs[3];
  DWORD ids[3] = {0, 0, 0};
  for (unsigned i = 0; i < 3; i++) {
    crash_ask(&r[i], CRASH_PLAIN, document, first_key + i);
    subs[i] = r[i].sub;
  }
  FaxSubmitAll(crash_stage.server, subs, 3, ids);
  for (unsigned i = 0; i < 3; i++) crash_answer(&r[i], ids[i]);
}

static inline HANDLE crash_prepare_document(void) {
  const char *file = crash_document;
  struct fax_document d = {.size = sizeof d, .files = &file, .file_count = 1};
  HANDLE document = NULL;
  if (!FaxPrepareDocument(crash_stage.server, &d, &document))
    crash_mark(CRASH_REFUSED, 0, FaxGetLastError());
  return document;
}

static inline DWORD crash_outcome(DWORD job) {
  struct fax_job_result *r;
  if (!FaxGetJobResult(crash_stage.server, job, &r)) return FAX_UNKNOWN;
  DWORD outcome = r->outcome;
  FaxFreeBuffer(r);
  return outcome;
}

/* What was decided before this moment is safe. */
static inline void crash_mark_decided(void) {
  for (size_t i = 0, end = crash_now(); i < end; i++) {
    const struct crash_op *op = &crash->ops[i];
    if (op->kind != CRASH_ACCEPTED) continue;
    DWORD outcome = crash_outcome(op->job);
    if (outcome != FAX_OUTCOME_PENDING && outcome != FAX_UNKNOWN)
      crash_mark(CRASH_DECIDED, op->job, outcome);
  }
}

static inline void crash_mark_stored(void) {
  struct fax_received *list;
  DWORD count;
  FILETIME all = {0, 0};
  if (!FaxEnumInbox(crash_stage.server, all, &list, &count)) return;
  FaxFreeBuffer(list);
  crash_mark(CRASH_STORED, 0, count);
}

#endif
