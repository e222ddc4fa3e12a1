/* SPDX-License-Identifier: MIT
   The life of the service: starts that are refused, stops with calls up, an
   embedded one that ends by itself, what a crash left, what a run of no memory
   leaves. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "service_script.h"

static struct stage st;

static void start_script(void) {
  script_start(&st, 1, NULL);
}

/* ---- starts ---- */

static void refused(const struct fax_service_config *config, DWORD code,
                    const char *says) {
  size_t live = mem_live(), fds = test_fds(), threads = thread_live();
  assert_fails(FaxServiceStart(config), code);
  if (strstr(FaxGetLastErrorMessage(), says) == NULL)
    fail_msg("\"%s\" does not say %s", FaxGetLastErrorMessage(), says);
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
  assert_int_equal(thread_live(), threads);
  assert_false(FaxServiceRunning());
}

static void a_start_that_fails_leaves_nothing(void **unused) {
  struct fax_service_config right, c;
  const char *const odd[] = {"colour=red", NULL};
  struct fax_provider_config twice[] = {{.name = "loopback"},
                                        {.name = "no_send"},
                                        {.name = "missing"},
                                        {.name = "loopback", .options = odd}};
  (void)unused;
  fsp_set(1);
  stage_count(&st);
  stage_options(&st, &right);
  right.provider_count = 1;
  assert_fails(FaxServiceStart(NULL), ERROR_INVALID_PARAMETER);
  c = right, c.size--;
  refused(&c, ERROR_INVALID_PARAMETER, "size");
  c = right, c.providers = NULL;
  refused(&c, ERROR_INVALID_PARAMETER, "providers");
  c = right, c.log_level = 4, c.providers = twice;
  refused(&c, ERROR_INVALID_PARAMETER, "log level");
  c = right, c.retries = 100, c.providers = twice;
  refused(&c, ERROR_INVALID_PARAMETER, "retries");
  c = right, c.abort_limit = 0, c.providers = twice;
  refused(&c, ERROR_INVALID_PARAMETER, "limits");
  c = right, c.providers = &twice[1];
  refused(&c, ERROR_PROC_NOT_FOUND, "FaxDevSend");
  c = right, c.providers = &twice[2];
  refused(&c, ERROR_MOD_NOT_FOUND, "missing");
  c = right, c.providers = &twice[3];
  refused(&c, ERROR_INVALID_PARAMETER, "colour");
  c = right, c.providers = twice, c.provider_count = 2;
  refused(&c, ERROR_PROC_NOT_FOUND, "FaxDevSend");
  c = right, c.providers = twice, c.directory = "/proc/nowhere";
  assert_fails(FaxServiceStart(&c), FaxGetLastError());
  assert_int_not_equal(FaxGetLastError(), ERROR_SUCCESS);
  stage_clear(&st);
  stage_is_empty(&st);
}

static void one_service_runs_at_a_time(void **unused) {
  struct fax_service_config config;
  (void)unused;
  stage_start(&st, NULL, NULL);
  FaxServiceDefaults(&config);
  config.directory = st.directory;
  assert_fails(FaxServiceStart(&config), ERROR_SERVICE_ALREADY_RUNNING);
  assert_true(FaxServiceRunning());
  stage_stop(&st);
  assert_false(FaxServiceRunning());
  assert_true(FaxServiceStop(0, 0)); /* none runs */
}

static void a_directory_has_one_owner(void **unused) {
  struct fax_service_config config;
  char path[128];
  (void)unused;
  stage_count(&st);
  stage_options(&st, &config);
  snprintf(path, sizeof path, "%s/lock", st.directory);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, "pid 4711\n", 9), 9);
  assert_int_equal(flock(fd, LOCK_EX), 0);
  refused(&config, ERROR_SHARING_VIOLATION, "4711");
  close(fd);
  assert_true(FaxServiceStart(&config));
  stage_listen(&st);
  stage_stop(&st);
}

/* CONN-1 */
static void handles_of_a_former_run_are_of_no_use(void **unused) {
  HANDLE old, port, none;
  FAX_PORT_INFO *ports;
  FAX_JOB_ENTRY *jobs;
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  struct fax_received *received;
  DWORD count;
  (void)unused;
  start_script();
  assert_true(FaxConnectFaxServer(NULL, &old));
  assert_true(FaxOpenPort(old, FSP_FIRST, PORT_OPEN_MODIFY, &port));
  FAX_PORT_INFO *info;
  assert_true(FaxGetPort(port, &info));
  stage_stop_within(20);
  assert_fails(FaxConnectFaxServer(NULL, &none), ERROR_SERVICE_NOT_ACTIVE);
  for (int run = 0; run < 2; run++) {
    assert_fails(FaxEnumPorts(old, &ports, &count), ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxEnumJobs(old, &jobs, &count), ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxGetJob(old, 1, &jobs), ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxAbort(old, 1), ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxSendDocument(old, st.document, &p, NULL, NULL),
                 ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxSubscribe(old, st.events, 1, NULL),
                 ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxOpenPort(old, FSP_FIRST, PORT_OPEN_QUERY, &none),
                 ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxGetPort(port, &ports), ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxSetPort(port, info), ERROR_SERVICE_NOT_ACTIVE);
    assert_fails(FaxEnumInbox(old, (FILETIME){0, 0}, &received, &count),
                 ERROR_SERVICE_NOT_ACTIVE);
    if (run == 1) break;
    struct fax_service_config config;
    struct fax_provider_config script = {.name = "forward"};
    FaxServiceDefaults(&config);
    config.directory = st.directory;
    config.providers = &script;
    config.provider_count = 1;
    assert_true(FaxServiceStart(&config)); /* and now with a new one */
  }
  assert_true(FaxClose(old)); /* with its port */
  assert_fails(FaxClose(port), ERROR_INVALID_HANDLE);
  FaxFreeBuffer(info);
  stage_stop(&st);
}

/* ---- stops ---- */

static void a_stop_ends_the_calls(void **unused) {
  (void)unused;
  start_script();
  DWORD sent = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, sent);
  fsp.reception = FSP_HELD;
  fsp_ring(FSP_FIRST + 1, 9);
  stage_skip(&st, FEI_RECEIVING, 0);
  DWORD queued = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_JOB_QUEUED, queued);
  stage_stop_within(20);
  int stopped = 0, ended = 0;
  while (!ended) {
    struct fax_event *e = stage_event(&st);
    if (e->event_id == FEI_DELETED && e->job_id == sent)
      assert_int_equal(e->outcome, FAX_OUTCOME_STOPPED);
    if (e->event_id == FEI_DELETED && e->outcome == FAX_OUTCOME_STOPPED)
      stopped++;
    ended = e->event_id == FEI_FAXSVC_ENDED;
    FaxLocalFree(e);
  }
  assert_int_equal(stopped, 2);
  assert_int_equal(stage_files(&st, "spool"), 1); /* for the next start */
  assert_int_equal(stage_files(&st, "incoming"), 0);
  assert_int_equal(stage_files(&st, "inbox"), 1); /* no user wished it away */
  stage_end(&st);
}

static void *stop_now(void *arg) {
  fax_deadline now = FaxClockNow();
  (void)arg;
  return FaxServiceStop(now + 20 * FAX_SECOND, now) ? arg : NULL;
}

static void *stop_later(void *arg) {
  fax_deadline now = FaxClockNow();
  return FaxServiceStop(now + 7200 * FAX_SECOND, now + 3600 * FAX_SECOND)
             ? arg
             : NULL;
}

enum { STOPPERS = 4 };

/* An earlier end wins over a later one that was asked for before. */
static void stops_at_the_same_time_all_see_the_end(void **unused) {
  pthread_t threads[STOPPERS];
  HANDLE none;
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "1"};
  (void)unused;
  start_script();
  DWORD job = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, job);
  assert_int_equal(pthread_create(&threads[0], NULL, stop_later, &st), 0);
  while (FaxServiceRunning()) sched_yield();
  assert_fails(FaxConnectFaxServer(NULL, &none), ERROR_SHUTDOWN_IN_PROGRESS);
  assert_fails(FaxSendDocument(st.server, st.document, &p, NULL, NULL),
               ERROR_SHUTDOWN_IN_PROGRESS);
  assert_int_equal(stage_queue_status(&st, job), JS_INPROGRESS);
  for (int i = 1; i < STOPPERS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, stop_now, &st), 0);
  for (int i = 0; i < STOPPERS; i++) {
    void *stopped;
    assert_int_equal(pthread_join(threads[i], &stopped), 0);
    assert_ptr_equal(stopped, &st);
  }
  stage_skip(&st, FEI_FAXSVC_ENDED, 0);
  stage_end(&st);
}

/* A deadline that has passed still lets a service stop that can. */
static void a_stop_at_once_stops(void **unused) {
  (void)unused;
  start_script();
  DWORD job = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, job);
  FaxServiceStop(0, 0); /* the provider may be too slow for it */
  assert_false(FaxServiceRunning());
  stage_skip(&st, FEI_FAXSVC_ENDED, 0);
  stage_end(&st);
}

/* What a client does, whatever the service does meanwhile. */
static void *be_a_client(void *arg) {
  atomic_bool *over = arg;
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  HANDLE server, port;
  while (!atomic_load(over)) {
    FAX_PORT_INFO *ports = NULL, *info = NULL;
    FAX_JOB_ENTRY *jobs = NULL;
    DWORD count, id;
    if (!FaxConnectFaxServer(NULL, &server)) {
      sched_yield();
      continue;
    }
    if (FaxEnumPorts(server, &ports, &count)) FaxFreeBuffer(ports);
    if (FaxOpenPort(server, 3, PORT_OPEN_MODIFY, &port) &&
        FaxGetPort(port, &info)) {
      info->Flags ^= FPF_SEND;
      FaxSetPort(port, info);
      FaxFreeBuffer(info);
    }
    if (FaxSendDocument(server, st.document, &p, NULL, &id))
      FaxAbort(server, id);
    if (FaxEnumJobs(server, &jobs, &count)) FaxFreeBuffer(jobs);
    FaxClose(server); /* with its port */
  }
  return NULL;
}

/* A job that was accepted while the service ended is in the next one's queue.
 */
static void end_what_is_left(const struct fax_service_config *config) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  if (!FaxServiceStart(config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(&st);
  do { /* a call takes a moment to end */
    assert_true(FaxEnumJobs(st.server, &jobs, &count));
    for (DWORD i = 0; i < count; i++) FaxAbort(st.server, jobs[i].JobId);
    FaxFreeBuffer(jobs);
    if (count != 0) FaxLocalFree(stage_event(&st));
  } while (count != 0);
  stage_stop_within(20);
}

enum { CLIENTS = 3, RUNS = 8 };

static void clients_may_call_while_it_stops(void **unused) {
  pthread_t clients[CLIENTS];
  struct fax_service_config config;
  struct fax_provider_config loopback = {.name = "loopback"};
  atomic_bool over = false;
  (void)unused;
  stage_count(&st);
  stage_options(&st, &config);
  config.providers = &loopback;
  config.provider_count = 1;
  assert_true(pages_make(st.document, PAGES_SHORT, 1, 100, 98));
  for (int i = 0; i < CLIENTS; i++)
    assert_int_equal(pthread_create(&clients[i], NULL, be_a_client, &over), 0);
  for (int run = 0; run < RUNS; run++) {
    if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
    stage_listen(&st);
    st.sequence = 0;
    for (int jobs = 0; jobs < 3; jobs++) stage_skip(&st, FEI_DELETED, 0);
    stage_stop_within(20);
    stage_skip(&st, FEI_FAXSVC_ENDED, 0);
    assert_true(FaxClose(st.server));
    assert_true(FaxCloseCompletionPort(st.events));
  }
  atomic_store(&over, true);
  for (int i = 0; i < CLIENTS; i++)
    assert_int_equal(pthread_join(clients[i], NULL), 0);
  st.sequence = 0;
  end_what_is_left(&config);
  assert_int_equal(stage_files(&st, "spool"), 0);
  assert_int_equal(stage_files(&st, "incoming"), 0);
  stage_end(&st);
}

static void drained(struct fax_service_config *config) {
  config->retries = 1;
}

static void a_drain_lets_calls_end(void **unused) {
  (void)unused;
  stage_start(&st, NULL, drained);
  assert_true(pages_make(st.document, PAGES_SHORT, 1, 200, 98));
  DWORD job = stage_send(&st, "102");
  stage_skip(&st, FEI_ANSWERED, 0);
  fax_deadline now = FaxClockNow();
  assert_true(FaxServiceStop(now + 60 * FAX_SECOND, now + 60 * FAX_SECOND));
  struct fax_event *e = stage_until(&st, FEI_DELETED, job);
  assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
  FaxLocalFree(e);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  stage_end(&st);
}

/* ---- embedded ---- */

static void embedded(struct fax_service_config *config) {
  config->embedded = TRUE;
}

/* CONN-11, -12 */
static void an_embedded_service_ends_with_its_last_handle(void **unused) {
  HANDLE second;
  (void)unused;
  for (int run = 0; run < 3; run++) {
    fsp_set(1);
    stage_start_with(&st, "forward", NULL, embedded);
    stage_document(&st, 1);
    assert_true(FaxConnectFaxServer(NULL, &second));
    assert_true(FaxClose(st.server));
    assert_true(FaxServiceRunning());
    st.server = second;
    DWORD job = stage_send(&st, FSP_WAITS);
    stage_skip(&st, FEI_SENDING, job);
    assert_true(FaxConnectFaxServer(NULL, &st.server));
    assert_true(FaxClose(second)); /* with a call up it goes on */
    assert_true(FaxAbort(st.server, job));
    assert_true(FaxClose(st.server));
    stage_skip(&st, FEI_FAXSVC_ENDED, 0);
    if (run == 1) assert_true(FaxServiceStop(FAX_FOREVER, FAX_FOREVER));
    fax_deadline until = stage_patience();
    struct fax_service_config config;
    FaxServiceDefaults(&config);
    config.directory = st.directory;
    while (!FaxServiceStart(&config)) { /* its last moments */
      assert_int_equal(FaxGetLastError(), ERROR_SERVICE_ALREADY_RUNNING);
      assert_true(FaxClockNow() < until);
      sched_yield();
    }
    stage_stop_within(20);
    assert_true(FaxCloseCompletionPort(st.events));
    stage_clear(&st);
    stage_is_empty(&st);
  }
}

/* ---- what a crash left ---- */

static void put(const char *name, const char *text) {
  char path[192];
  snprintf(path, sizeof path, "%s/incoming/%s", st.directory, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void what_a_crash_left_is_recovered(void **unused) {
  struct fax_service_config config;
  struct fax_received *received;
  char path[128];
  DWORD count;
  (void)unused;
  stage_count(&st);
  stage_options(&st, &config);
  snprintf(path, sizeof path, "%s/incoming", st.directory);
  assert_int_equal(mkdir(path, 0700), 0);
  snprintf(path, sizeof path, "%s/incoming/1f-3-7.tif", st.directory);
  assert_true(pages_make(path, PAGES_SHORT, 2, 300, 196));
  put("1f-3-8.tif", "");
  put("1f-3-9.tif", "II*\001 cut short");
  put("notes", "of somebody else");
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(&st);
  assert_int_equal(stage_files(&st, "incoming"), 2);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &received, &count));
  assert_int_equal(count, 1);
  assert_int_equal(received[0].pages, 2);
  assert_int_equal(received[0].device_id, 3);
  assert_int_equal(received[0].job_id, 7);
  assert_false(received[0].complete);
  assert_int_equal(pages_count(received[0].path), 2);
  FaxFreeBuffer(received);
  stage_stop(&st);
}

/* fax_service.h: FaxEnumInbox */
static void the_inbox_is_listed_by_time(void **unused) {
  struct fax_received *all, *some;
  DWORD count;
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON + FAX_SECOND / 2));
  start_script();
  for (DWORD i = 0; i < 3; i++) {
    fsp_ring(FSP_FIRST, 9);
    stage_skip(&st, FEI_FAX_RECEIVED, 0);
    FaxClockWait(FaxClockNow() + 60 * FAX_SECOND, NULL);
  }
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &all, &count));
  assert_int_equal(count, 3);
  for (DWORD i = 0; i < 3; i++) {
    assert_true(all[i].complete);
    assert_int_equal(all[i].pages, 2);
    assert_int_equal(all[i].device_id, FSP_FIRST);
  }
  assert_true(all[0].job_id < all[1].job_id && all[1].job_id < all[2].job_id);
  assert_true(FaxEnumInbox(st.server, all[1].time, &some, &count));
  assert_int_equal(count, 2);
  assert_int_equal(some[0].job_id, all[1].job_id);
  FaxFreeBuffer(some);
  /* within its second, it is not missed */
  FILETIME within = all[2].time;
  within.dwLowDateTime += 1000;
  assert_true(FaxEnumInbox(st.server, within, &some, &count));
  assert_int_equal(count, 1);
  FaxFreeBuffer(some);
  FaxFreeBuffer(all);
  stage_stop_virtual(&st);
}

/* ---- no memory ---- */

static bool start_poor(struct fax_service_config *config) {
  if (!FaxServiceStart(config)) return false;
  if (FaxConnectFaxServer(NULL, &st.server)) return true;
  st.server = NULL;
  return true;
}

static void send_poor(const char *number) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = number};
  FaxSendDocument(st.server, st.document, &p, NULL, NULL);
}

/* All allocations from the n-th on fail until the stop, or, when `recovers`,
   until a while after the call: nothing hangs, nothing is left. */
static bool run_poor(long n, bool recovers) {
  struct fax_service_config config;
  struct fax_provider_config loopback = {.name = "loopback"};
  assert_true(FaxClockVirtual(STAGE_NOON));
  stage_count(&st);
  stage_options(&st, &config);
  assert_true(pages_make(st.document, PAGES_SHORT, 1, 100, 98));
  config.providers = &loopback;
  config.provider_count = 1;
  mem_fail_after(n);
  if (start_poor(&config)) {
    if (st.server != NULL) send_poor("102");
    FaxClockWait(FaxClockNow() + 300 * FAX_SECOND, NULL);
    if (recovers) {
      mem_fail_after(-1);
      FaxClockWait(FaxClockNow() + 300 * FAX_SECOND, NULL);
    }
    fax_deadline now = FaxClockNow();
    if (!FaxServiceStop(now + 100 * FAX_SECOND, now))
      fail_msg("after %ld: %s", n, FaxGetLastErrorMessage());
    if (st.server != NULL) assert_true(FaxClose(st.server));
  }
  bool failed = mem_failed();
  mem_fail_after(-1);
  stage_clear(&st);
  stage_is_empty(&st);
  assert_true(FaxClockReal());
  return failed;
}

static void want_of_memory_is_survived(void **unused) {
  (void)unused;
  run_poor(1000000, false); /* what is made once is made */
  for (long n = 0; run_poor(n, false); n += 1 + n / 30) continue;
  for (long n = 100; n < 2000; n += 1 + n / 20) run_poor(n, true);
}

/* ---- a provider that does not come back; last: its threads stay ---- */

static void impatient(struct fax_service_config *config) {
  config->abort_limit = 1;
}

static void a_stuck_provider_is_left_behind(void **unused) {
  HANDLE port;
  FAX_PORT_INFO *info;
  (void)unused;
  fsp_set(1);
  fsp.freed = FaxCancelCreate();
  stage_start_with(&st, "forward", NULL, impatient);
  stage_document(&st, 1);
  DWORD job = stage_send(&st, FSP_STUCK);
  stage_skip(&st, FEI_SENDING, job);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_MODEM_POWERED_OFF, 0);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &port));
  assert_true(FaxGetPort(port, &info));
  assert_int_equal(info->State, FPS_OFFLINE);
  FaxFreeBuffer(info);
  DWORD other = stage_send(&st, FSP_COMPLETES); /* on the other port */
  stage_skip(&st, FEI_DELETED, other);
  FaxCancelSet(fsp.freed); /* it comes back */
  stage_skip(&st, FEI_MODEM_POWERED_ON, 0);
  FaxCancelFree(fsp.freed);
  fsp.freed = FaxCancelCreate();
  job = stage_send(&st, FSP_STUCK); /* and is stuck again */
  stage_skip(&st, FEI_SENDING, job);
  fax_deadline now = FaxClockNow();
  assert_fails(FaxServiceStop(now, now), ERROR_TIMEOUT);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "forward"));
  assert_false(FaxServiceRunning());
  struct fax_event *e = stage_until(&st, FEI_DELETED, job);
  assert_int_equal(e->outcome, FAX_OUTCOME_STOPPED);
  FaxLocalFree(e);
  stage_skip(&st, FEI_FAXSVC_ENDED, 0);
  assert_true(FaxClose(st.server));
  assert_true(FaxCloseCompletionPort(st.events));
  FaxCancelSet(fsp.freed); /* too late for anyone */
  /* Two threads of the provider itself stay; its worker is joined. */
  fax_deadline until = stage_patience();
  while (thread_live() > st.threads + 2) {
    assert_true(FaxClockNow() < until);
    sched_yield();
  }
  stage_clear(&st);
  assert_int_equal(mem_faults(), 0);
}

/* docs/threads.md: the threads stay with the parent, and so does the service.
 */
static void a_fork_has_no_service(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    HANDLE server;
    FAX_JOB_ENTRY *jobs;
    DWORD count;
    bool ok = !FaxServiceRunning() && FaxServiceStop(0, 0) &&
              !FaxConnectFaxServer(NULL, &server) &&
              FaxGetLastError() == ERROR_SERVICE_NOT_ACTIVE &&
              !FaxEnumJobs(st.server, &jobs, &count) &&
              FaxGetLastError() == ERROR_INVALID_HANDLE && !FaxClose(st.server);
    _exit(ok ? 0 : 1);
  }
  int status = -1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_true(FaxServiceRunning());
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fork_has_no_service),
      cmocka_unit_test(a_start_that_fails_leaves_nothing),
      cmocka_unit_test(one_service_runs_at_a_time),
      cmocka_unit_test(a_directory_has_one_owner),
      cmocka_unit_test(handles_of_a_former_run_are_of_no_use),
      cmocka_unit_test(a_stop_ends_the_calls),
      cmocka_unit_test(stops_at_the_same_time_all_see_the_end),
      cmocka_unit_test(a_stop_at_once_stops),
      cmocka_unit_test(clients_may_call_while_it_stops),
      cmocka_unit_test(a_drain_lets_calls_end),
      cmocka_unit_test(an_embedded_service_ends_with_its_last_handle),
      cmocka_unit_test(what_a_crash_left_is_recovered),
      cmocka_unit_test(the_inbox_is_listed_by_time),
      cmocka_unit_test(want_of_memory_is_survived),
      cmocka_unit_test(a_stuck_provider_is_left_behind),
  };
  test_start();
  st.here = true;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
