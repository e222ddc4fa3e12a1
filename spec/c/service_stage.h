/* SPDX-License-Identifier: MIT
   A service in a folder of its own, for the C tests: started, connected,
   listened to, stopped. */
#ifndef FAX_SPEC_SERVICE_STAGE_H
#define FAX_SPEC_SERVICE_STAGE_H

#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/handle.h"
#include "base/thread.h"
#include "base/where.h"
#include "folder.h"
#include "model/names.h"
#include "pages.h"
#include "service/state.h"
#include "store/store.h"
#include "test.h"

struct stage {
  char directory[FOLDER_SIZE];
  char document[96];
  HANDLE server, events;
  bool here;          /* events come by a handle of this process: a connection
                         that listens keeps the service from ending by itself */
  DWORDLONG sequence; /* of the last event taken; 0: none yet */
  size_t live, fds, handles, threads; /* before the start */
};

static inline void stage_options(struct stage *st,
                                 struct fax_service_config *config) {
  assert_true(folder_make(st->directory));
  snprintf(st->document, sizeof st->document, "%s/document.tif", st->directory);
  FaxServiceDefaults(config);
  config->directory = st->directory;
  config->branding = FALSE;
  config->retry_delay = 0;
  config->retries = 0;
  config->calls_per_number = 0; /* numbers are what becomes of a call */
}

/* What there is before a start must be all there is after the stop. */
static inline void stage_count(struct stage *st) {
  st->live = mem_live();
  st->fds = test_fds();
  st->handles = handle_count();
  st->threads = thread_live();
  st->sequence = 0;
}

/* Whether the tests are to reach the service as another process does: by
   FAX_OVER=socket in the environment. */
static inline bool stage_over_socket(void) {
  const char *over = getenv("FAX_OVER");
  return over != NULL && strcmp(over, "socket") == 0;
}

/* As `asked` says, over the socket where that is the way. */
static inline BOOL stage_connect_as(const struct stage *st,
                                    const struct fax_connect *asked,
                                    LPHANDLE server) {
  char path[FOLDER_SIZE + 16];
  struct fax_connect connect = *asked;
  snprintf(path, sizeof path, "%s/fax.sock", st->directory);
  if (stage_over_socket()) connect.socket = path;
  return FaxConnect(&connect, server);
}

static inline BOOL stage_connect(const struct stage *st, LPHANDLE server) {
  struct fax_connect all = {.size = sizeof all, .rights = FAX_ALL_ACCESS};
  if (!stage_over_socket()) return FaxConnectFaxServer(NULL, server);
  return stage_connect_as(st, &all, server);
}

static inline void stage_listen(struct stage *st) {
  if (!stage_connect(st, &st->server)) fail_msg("%s", FaxGetLastErrorMessage());
  HANDLE by = st->server;
  if (st->here && stage_over_socket())
    assert_true(FaxConnectFaxServer(NULL, &by));
  st->events = FaxCreateCompletionPort();
  assert_true(FaxSubscribe(by, st->events, 1, NULL));
  if (by != st->server) FaxClose(by);
}

/* All events that were raised have come. Over the socket for tests on the
   virtual clock, which does not go on while one is on its way. */
static inline void stage_heard(void) {
  if (stage_over_socket()) FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
}

/* In the beginning of a test that says nothing about a service in another
   process: its memory ends on both sides, or time has to pass in a call, which
   virtual time does not while somebody else serves it. */
static inline void stage_only_here(void) {
  if (stage_over_socket()) skip();
}

/* What calls fail with when the service has stopped. */
static inline DWORD stage_gone(void) {
  return stage_over_socket() ? RPC_S_SERVER_UNAVAILABLE
                             : ERROR_SERVICE_NOT_ACTIVE;
}

/* Threads that heard of the service's events: one that has ended is joined with
   its port. */
static inline size_t stage_hearers(void) {
  return stage_over_socket() ? 1 : 0;
}

static inline void stage_disconnect(struct stage *st) {
  FaxClose(st->server);
}

/* With a provider and its options, which may be NULL. */
static inline void stage_start_with(
    struct stage *st, const char *provider, const char *const *options,
    void (*change)(struct fax_service_config *)) {
  struct fax_service_config config;
  struct fax_provider_config loaded = {.name = provider, .options = options};
  stage_count(st);
  stage_options(st, &config);
  config.providers = &loaded;
  config.provider_count = 1;
  if (change != NULL) change(&config);
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(st);
}

/* With the loopback exchange. `options` may be NULL. */
static inline void stage_start(struct stage *st, const char *const *options,
                               void (*change)(struct fax_service_config *)) {
  stage_start_with(st, "loopback", options, change);
}

/* From noon of 2026-01-01 UTC. Before the start; FaxClockReal after the stop.
 */
#define STAGE_NOON (INT64_C(1767268800) * FAX_SECOND)

static inline void stage_start_virtual(
    struct stage *st, const char *const *options,
    void (*change)(struct fax_service_config *)) {
  assert_true(FaxClockVirtual(STAGE_NOON));
  stage_start(st, options, change);
}

static inline void stage_clear(struct stage *st) {
  folder_remove(st->directory);
}

/* What is left when all that was opened has been closed. */
static inline void stage_is_empty(const struct stage *st) {
  assert_int_equal(mem_live(), st->live);
  assert_int_equal(mem_faults(), 0);
  assert_int_equal(handle_count(), st->handles);
  assert_int_equal(thread_live(), st->threads);
  assert_int_equal(test_fds(), st->fds);
}

/* Aborts what runs. */
static inline void stage_stop_within(double seconds) {
  fax_deadline now = FaxClockNow();
  if (!FaxServiceStop(clock_after(now, seconds), now))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static inline void stage_end(struct stage *st) {
  stage_disconnect(st);
  assert_true(FaxCloseCompletionPort(st->events));
  stage_clear(st);
  stage_is_empty(st);
}

static inline void stage_stop(struct stage *st) {
  stage_stop_within(20);
  stage_end(st);
}

static inline void stage_stop_virtual(struct stage *st) {
  stage_stop(st);
  assert_true(FaxClockReal());
}

/* A document of n short pages. */
static inline void stage_document(struct stage *st, unsigned pages) {
  assert_true(pages_make(st->document, PAGES_SHORT, pages, 2292, 196));
}

static inline DWORD stage_send(struct stage *st, const char *number) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number,
                          .DocumentName = "test",
                          .Tsid = "sender"};
  DWORD id = 0;
  if (!FaxSendDocument(st->server, st->document, &params, NULL, &id))
    fail_msg("%s", FaxGetLastErrorMessage());
  return id;
}

/* With what the service has for whatever a submission does not say. */
static inline struct fax_submission stage_of_document(
    HANDLE document, const FAX_JOB_PARAM *params) {
  return (struct fax_submission){.size = sizeof(struct fax_submission),
                                 .document = document,
                                 .params = params,
                                 .retries = FAX_UNKNOWN,
                                 .retry_delay = FAX_UNKNOWN,
                                 .ecm = FAX_UNKNOWN};
}

static inline struct fax_submission stage_of_file(const char *const *file,
                                                  const FAX_JOB_PARAM *params) {
  struct fax_submission sub = stage_of_document(NULL, params);
  sub.files = file;
  sub.file_count = 1;
  return sub;
}

static inline DWORD stage_submit(struct stage *st,
                                 const struct fax_submission *sub) {
  DWORD id = 0;
  if (!FaxSubmit(st->server, sub, &id))
    fail_msg("%s", FaxGetLastErrorMessage());
  return id;
}

/* How long a test waits for what must come; a failed test, no timing. Virtual
   time is free. */
static inline fax_deadline stage_patience(void) {
  return clock_after(FaxClockNow(), clock_is_virtual() ? 4e7 : 60);
}

/* The next event, which the caller frees. Holds that the sequence has no gap:
   all rights, and all details. */
static inline struct fax_event *stage_event(struct stage *st) {
  struct fax_packet packet;
  DWORD taken;
  if (!FaxGetCompletions(st->events, &packet, 1, &taken, stage_patience()))
    fail_msg("no event came");
  struct fax_event *e = packet.packet;
  if (st->sequence != 0) assert_int_equal(e->sequence, st->sequence + 1);
  st->sequence = e->sequence;
  return e;
}

/* Takes events until the one with this id (of this job, unless 0). */
static inline struct fax_event *stage_until(struct stage *st, DWORD event_id,
                                            DWORD job) {
  for (;;) {
    struct fax_event *e = stage_event(st);
    if (e->event_id == event_id && (job == 0 || e->job_id == job)) return e;
    FaxLocalFree(e);
  }
}

static inline void stage_skip(struct stage *st, DWORD event_id, DWORD job) {
  FaxLocalFree(stage_until(st, event_id, job));
}

/* Until a job is over and another event has come, in whatever order: the two
   ends of a call are not told in a fixed one. */
static inline void stage_skip_both(struct stage *st, DWORD job, DWORD other) {
  bool over = false, came = false;
  while (!over || !came) {
    struct fax_event *e = stage_event(st);
    over = over || (e->event_id == FEI_DELETED && e->job_id == job);
    came = came || e->event_id == other;
    FaxLocalFree(e);
  }
}

static inline const char *stage_event_name(DWORD event_id) {
  for (const struct fax_name *n = names_event; n->name != NULL; n++)
    if (n->value == event_id) return n->name + strlen("FEI_");
  return "?";
}

/* The names of a job's events up to and with this one, details and repeated
   ones left out: "JOB_QUEUED INITIALIZING ..."; its outcome there. */
static inline DWORD stage_trace(struct stage *st, DWORD job, DWORD event_id,
                                char *trace, size_t size) {
  DWORD last = 0, outcome = FAX_OUTCOME_PENDING;
  *trace = '\0';
  while (last != event_id) {
    struct fax_event *e = stage_event(st);
    size_t used = strlen(trace);
    if (e->job_id == job && e->event_id != last) {
      last = e->event_id;
      outcome = e->outcome;
      snprintf(trace + used, size - used, "%s%s", used != 0 ? " " : "",
               stage_event_name(last));
    }
    FaxLocalFree(e);
  }
  return outcome;
}

static inline struct fax_job_result *stage_result(struct stage *st, DWORD job) {
  struct fax_job_result *result;
  if (!FaxGetJobResult(st->server, job, &result))
    fail_msg("%s", FaxGetLastErrorMessage());
  return result;
}

static inline DWORD stage_outcome(struct stage *st, DWORD job) {
  struct fax_job_result *result = stage_result(st, job);
  DWORD outcome = result->outcome;
  FaxFreeBuffer(result);
  return outcome;
}

/* QueueStatus, or FAX_UNKNOWN when the job is not in the queue. */
static inline DWORD stage_queue_status(struct stage *st, DWORD job) {
  FAX_JOB_ENTRY *entry;
  if (!FaxGetJob(st->server, job, &entry)) {
    assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
    return FAX_UNKNOWN;
  }
  DWORD status = entry->QueueStatus;
  FaxFreeBuffer(entry);
  return status;
}

/* The number of files in a folder of the service's directory. */
struct stage_safe {
  pthread_mutex_t lock;
  struct clock_cond changed;
  bool told;
};

static inline void stage_told(void *arg, DWORD error, const char *why) {
  struct stage_safe *safe = arg;
  (void)error;
  (void)why;
  pthread_mutex_lock(&safe->lock);
  safe->told = true;
  clock_cond_broadcast(&safe->changed);
  pthread_mutex_unlock(&safe->lock);
}

/* Until all that was changed before lies in the store: a document goes then. */
static inline void stage_stored(void) {
  struct service *s = service_current();
  struct stage_safe safe = {.told = false};
  struct store_changes *nothing;
  if (s == NULL) return;
  pthread_mutex_init(&safe.lock, NULL);
  clock_cond_init(&safe.changed);
  assert_int_equal(store_changes_new(&nothing), ERROR_SUCCESS);
  pthread_mutex_lock(&s->lock); /* what raised an event hands over by then */
  pthread_mutex_unlock(&s->lock);
  store_commit(s->store, nothing, STORE_TRY, stage_told, &safe);
  pthread_mutex_lock(&safe.lock);
  while (!safe.told) clock_cond_wait(&safe.changed, &safe.lock, FAX_FOREVER);
  pthread_mutex_unlock(&safe.lock);
  clock_cond_destroy(&safe.changed);
  mem_unref(s);
}

static inline size_t stage_files(const struct stage *st, const char *folder) {
  stage_stored();
  char path[128];
  size_t count = 0;
  snprintf(path, sizeof path, "%s/%s", st->directory, folder);
  DIR *dir = opendir(path);
  assert_non_null(dir);
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    if (entry->d_name[0] != '.') count++;
  closedir(dir);
  return count;
}

/* A copy of a provider of spec/c/fsp in the service's directory: another file,
   put there by rename. */
static inline void stage_copy_fsp(const struct stage *st, const char *name,
                                  const char *as, char *path, size_t size) {
  char relative[64], fresh[128], command[512];
  char *from;
  snprintf(relative, sizeof relative, "fsp/%s.so", name);
  assert_int_equal(where_companion(relative, &from), ERROR_SUCCESS);
  snprintf(path, size, "%s/%s", st->directory, as);
  snprintf(fresh, sizeof fresh, "%s.new", path);
  snprintf(command, sizeof command, "cp '%s' '%s'", from, fresh);
  assert_int_equal(system(command), 0);
  assert_int_equal(rename(fresh, path), 0);
  mem_free(from);
}

#define assert_fails(call, code)               \
  do {                                         \
    assert_false(call);                        \
    assert_int_equal(FaxGetLastError(), code); \
  } while (0)

#endif
