/* SPDX-License-Identifier: MIT
   A random walk through the life of jobs on the virtual clock. WALK_SEED and
   WALK_STEPS say which and how long; a failure tells both, and the last steps.
   With WALK_LOOSE=1 the service is not waited for after each step: that is not
   the same twice, nor is, now and then, which of two calls that end at one
   moment is told first. */
#define FSP_LINE_COUNT 4

#include "service_config.h"
#include "service_routing.h"
#include "service_walk.h"

enum { STEPS = 6000, DOCUMENTS = 3, MOST_JOBS = 60, TOLD = 50 };

static struct {
  uint64_t random;
  unsigned long seed, steps, step;
  bool loose;
  DWORD batch; /* jobs in one call */
  HANDLE documents[DOCUMENTS];
  struct walk_job *jobs; /* by id */
  DWORD room, newest, submitted;
  DWORD live[4096], live_count;
  DWORD ended, calls[AT_GONE + 1];
  char told[TOLD][160];
} walk;

/* Of the FSP and the routing method, on their threads. */
static atomic_bool lines_back, routes;
static atomic_uint long_calls; /* of more jobs than one */

/* ---- chance ---- */

static DWORD chance(DWORD n) {
  walk.random += 0x9e3779b97f4a7c15u;
  uint64_t z = walk.random;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (DWORD)((z ^ z >> 31) % n);
}

static bool often(DWORD percent) {
  return chance(100) < percent;
}

#define tell(...) \
  snprintf(walk.told[walk.step % TOLD], sizeof walk.told[0], __VA_ARGS__)

static void tell_all(void) {
  unsigned long first = walk.step < TOLD ? 0 : walk.step + 1 - TOLD;
  fprintf(stderr, "WALK_SEED=%lu WALK_STEPS=%lu%s, at step %lu:\n", walk.seed,
          walk.steps, walk.loose ? " WALK_LOOSE=1" : "", walk.step);
  for (unsigned long i = first; i <= walk.step; i++)
    fprintf(stderr, "%6lu %s\n", i, walk.told[i % TOLD]);
}

/* ---- the far end ---- */

/* Of this walk and this moment, whatever other threads do. */
static DWORD dice(DWORD job, DWORD n) {
  return pages_hash((uint32_t)walk.seed, job, (uint32_t)FaxClockWall()) % n;
}

static BOOL receive_something(HANDLE handle, HCALL call, PFAX_RECEIVE r) {
  static const enum fsp_reception kinds[] = {
      FSP_WHOLE, FSP_WHOLE, FSP_PART, FSP_NOTHING, FSP_GARBAGE, FSP_NO_CALL};
  static const char *const before[] = {"", FSP_SLOWLY, FSP_SLOWLY, FSP_ON_LET,
                                       FSP_ON_ABORT};
  struct fsp_call *c = handle;
  struct fax_operation told = {.size = sizeof told};
  (void)call;
  FaxOperationQuery(c->port, c->key, &told);
  DWORD any = dice(told.job_id, 30);
  return fsp_receive_as(handle, r->FileName, kinds[any % 6], before[any / 6]);
}

/* Each page is noted, takes a while and is confirmed; some calls are lost in
   the middle. So jobs for this number may go together (WALK_BATCH). */
static BOOL send_by_page(struct fsp_call *c, const char *file) {
  struct fax_operation told = {.size = sizeof told};
  FaxOperationQuery(c->port, c->key, &told);
  DWORD count = pages_count(file), sent = 0;
  DWORD lost = dice(told.job_id + c->device, 4) == 0 ? 1 + count / 2 : 0;
  if (count > told.first_page + 1) atomic_fetch_add(&long_calls, 1);
  for (DWORD page = told.first_page; page <= count; page++) {
    fsp_post(c, FS_TRANSMITTING, page);
    if (!fsp_sleep(c, 20, false)) return fsp_over(c, FS_USER_ABORT);
    if (page == lost) return fsp_over(c, FS_DISCONNECTED);
    if (!FaxOperationCommit(c->port, c->key, page, FAX_FOREVER))
      return fsp_over(c, FS_FATAL_ERROR);
    fsp_confirm(c, ++sent, FS_FATAL_ERROR);
  }
  return fsp_over(c, FS_COMPLETED);
}

/* A line that is away comes back in the end. */
static BOOL send_something(HANDLE handle, PFAX_SEND send,
                           PFAX_SEND_CALLBACK callback) {
  FAX_SEND copy = *send;
  if (walk.batch != 0 && strcmp(send->ReceiverNumber, FSP_COMPLETES) == 0)
    return send_by_page(handle, send->FileName);
  if (atomic_load(&lines_back) &&
      strcmp(send->ReceiverNumber, FSP_LINE_AWAY) == 0)
    copy.ReceiverNumber = (LPTSTR)FSP_COMPLETES;
  return fsp_send(handle, &copy, callback);
}

static DWORD take_any(const struct routing_method *self, const BYTE *data,
                      DWORD size) {
  (void)self, (void)data, (void)size;
  return ERROR_SUCCESS;
}

static DWORD route_somehow(const struct routing_method *self,
                           const struct fax_received *fax, const BYTE *data,
                           DWORD size) {
  (void)self, (void)data, (void)size;
  DWORD any = dice(fax->job_id, 6);
  if (any < 2) FaxClockWait(FaxClockNow() + 30 * FAX_SECOND, NULL);
  bool fails = any % 2 == 0 && !atomic_load(&routes);
  return fails ? error_say(ERROR_GEN_FAILURE, "by chance") : ERROR_SUCCESS;
}

static const struct routing_method method = {
    .guid = "{00000000-0000-0000-0000-0000000000ff}",
    .friendly_name = "chance",
    .function_name = "Chance",
    .image_name = "image",
    .extension_name = "extension",
    .initial = "",
    .check = take_any,
    .run = route_somehow};

/* ---- jobs as events tell of them ---- */

static void grow(DWORD id) {
  if (id < walk.room) return;
  DWORD room = id * 2 + 1024;
  walk.jobs = realloc(walk.jobs, room * sizeof *walk.jobs);
  assert_non_null(walk.jobs);
  memset(walk.jobs + walk.room, 0, (room - walk.room) * sizeof *walk.jobs);
  walk.room = room;
}

static void forget(DWORD id) {
  for (DWORD i = 0; i < walk.live_count; i++)
    if (walk.live[i] == id) walk.live[i--] = walk.live[--walk.live_count];
}

static void follow(const struct fax_event *e) {
  grow(e->job_id);
  struct walk_job *w = &walk.jobs[e->job_id];
  enum walk_at from = w->at;
  w->at = walk_next(w, e);
  hold(w->at != AT_NOTHING, "job %u: %s with status 0x%x leads nowhere from %d",
       e->job_id, stage_event_name(e->event_id), e->queue_status, from);
  walk.calls[w->at]++;
  if (from == AT_NOTHING) {
    /* A reception has its number before its file is there. */
    hold(w->received || e->job_id > walk.submitted,
         "job %u is no newer than %u", e->job_id, walk.submitted);
    if (!w->received) walk.submitted = e->job_id;
    if (e->job_id > walk.newest) walk.newest = e->job_id;
    assert_true(walk.live_count < 4096);
    walk.live[walk.live_count++] = e->job_id;
  }
  if (w->at != AT_GONE) return;
  hold(e->outcome != FAX_OUTCOME_PENDING, "job %u is gone, not decided",
       e->job_id);
  walk.ended++;
  forget(e->job_id);
}

/* Details repeat the event of the call. */
static bool is_detail(const struct fax_event *e) {
  return e->event_id == FEI_DIALING || e->event_id == FEI_SENDING ||
         e->event_id == FEI_RECEIVING;
}

static void take_events(void) {
  struct fax_event *e;
  while (config_event_waits(&st, &e)) {
    if (e->job_id != FAX_NO_JOB && !is_detail(e)) follow(e);
    FaxLocalFree(e);
  }
}

/* ---- steps ---- */

static const char *any_number(void) {
  static const char *const before[] = {
      "", "", "", FSP_SLOWLY, FSP_SLOWLY, FSP_ON_LET, FSP_ON_ABORT, FSP_LATE};
  static const char *const ends[] = {
      FSP_COMPLETES, FSP_COMPLETES,   FSP_COMPLETES, FSP_BUSY,
      FSP_BUSY,      FSP_LINE_AWAY,   FSP_LINE_AWAY, FSP_ONE_PAGE,
      FSP_REPEATS,   FSP_ALL_BUT_BYE, FSP_LACKS_ONE, FSP_BLACKLISTED,
      FSP_ABORTS,    FSP_OWN_CODE,    FSP_DELAYED,   FSP_NO_ANSWER,
      FSP_HANDLED,   FSP_BAD_NUMBER,  FSP_NO_TONE,   FSP_HANGS_UP,
      FSP_FATAL,     FSP_NO_FAX,      FSP_LINE_AWAY};
  static char number[8];
  const char *end = ends[chance(sizeof ends / sizeof *ends)];
  bool away = strcmp(end, FSP_LINE_AWAY) == 0;
  snprintf(number, sizeof number, "%s%s", away ? "" : before[chance(8)], end);
  return number;
}

/* Whose provider notes what it sends, or sends nothing. */
static const char *number_of_many(void) {
  static const char *const ends[] = {FSP_BUSY, FSP_LINE_AWAY, FSP_NO_ANSWER};
  return often(80) ? FSP_COMPLETES : ends[chance(3)];
}

static void submit_one(void) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p};
  p.RecipientNumber = walk.batch != 0 ? number_of_many() : any_number();
  DWORD device = often(20) ? FSP_FIRST + chance(FSP_LINES) : 0;
  p.ScheduleAction = often(60) ? JSA_NOW : 1 + chance(2);
  int64_t when =
      FaxClockWall() + ((int64_t)chance(8 * 3600) - 1800) * FAX_SECOND;
  time_to_systemtime(when, &p.ScheduleTime);
  struct fax_submission sub =
      stage_of_document(walk.documents[chance(DOCUMENTS)], &p);
  sub.device_id = device;
  sub.priority = chance(3);
  sub.hold = often(5);
  if (often(15))
    sub.deadline =
        time_to_filetime(FaxClockWall() + (chance(4 * 3600) + 1) * FAX_SECOND);
  DWORD id = stage_submit(&st, &sub);
  hold(id > walk.submitted, "job %u is no newer than %u", id, walk.submitted);
  tell("submit job=%u number=%s action=%u device=%u", id, p.RecipientNumber,
       p.ScheduleAction, device);
}

/* Mostly one that is in the queue. */
static DWORD any_job(void) {
  if (walk.live_count == 0 || often(4)) return chance(walk.newest + 10);
  return walk.live[chance(walk.live_count)];
}

/* It either obeys or says why not. */
static void command_one(void) {
  static const DWORD commands[] = {JC_PAUSE,  JC_RESUME, JC_PAUSE, JC_RESTART,
                                   JC_DELETE, 0,         4};
  DWORD id = any_job(), what = commands[chance(often(90) ? 5 : 7)];
  BOOL done = FaxSetJob(st.server, id, what, NULL);
  DWORD error = done ? ERROR_SUCCESS : FaxGetLastError();
  tell("FaxSetJob job=%u command=%u: %u", id, what, error);
  hold(done || error == ERROR_INVALID_PARAMETER ||
           error == ERROR_INVALID_OPERATION,
       "FaxSetJob of job %u: %u", id, error);
  hold(!done || (what != 0 && what != 4), "command %u is none", what);
}

static void abort_one(void) {
  DWORD id = any_job();
  BOOL done = FaxAbort(st.server, id);
  DWORD error = done ? ERROR_SUCCESS : FaxGetLastError();
  tell("FaxAbort job=%u: %u", id, error);
  hold(done || error == ERROR_INVALID_PARAMETER ||
           error == ERROR_INVALID_OPERATION,
       "FaxAbort of job %u: %u", id, error);
}

static void configure(void) {
  FAX_CONFIGURATION *c = config_take(&st);
  static char folder[128];
  snprintf(folder, sizeof folder, "%s/archive", st.directory);
  c->PauseServerQueue = often(25);
  c->Retries = chance(4);
  c->RetryDelay = chance(40);
  c->DirtyDays = chance(3);
  c->StartCheapTime = (FAX_TIME){(WORD)chance(24), (WORD)chance(60)};
  c->StopCheapTime = (FAX_TIME){(WORD)chance(24), (WORD)chance(60)};
  c->ArchiveOutgoingFaxes = often(20);
  c->ArchiveDirectory = folder;
  tell("configure paused=%d retries=%u delay=%u days=%u cheap=%u:%02u-%u:%02u",
       c->PauseServerQueue, c->Retries, c->RetryDelay, c->DirtyDays,
       c->StartCheapTime.Hour, c->StartCheapTime.Minute, c->StopCheapTime.Hour,
       c->StopCheapTime.Minute);
  config_put(&st, c);
}

/* A port in use refuses. */
static void change_port(DWORD device, DWORD flags, DWORD priority) {
  FAX_PORT_INFO *info;
  HANDLE h = open_port(device, PORT_OPEN_MODIFY);
  assert_true(FaxGetPort(h, &info));
  info->Flags = flags;
  info->Priority = priority;
  BOOL done = FaxSetPort(h, info);
  DWORD error = done ? ERROR_SUCCESS : FaxGetLastError();
  tell("FaxSetPort device=%u flags=%u priority=%u: %u", device, flags, priority,
       error);
  hold(done || error == ERROR_DEVICE_IN_USE, "FaxSetPort: %u", error);
  FaxFreeBuffer(info);
  assert_true(FaxClose(h));
}

static void change_any_port(void) {
  DWORD flags =
      FPF_VIRTUAL | (often(75) ? FPF_SEND : 0) | (often(75) ? FPF_RECEIVE : 0);
  change_port(FSP_FIRST + chance(FSP_LINES), flags, 1 + chance(FSP_LINES));
}

static void ring_one(void) {
  DWORD device = FSP_FIRST + chance(FSP_LINES), rings = chance(4);
  tell("ring device=%u rings=%u", device, rings);
  fsp_ring(device, rings);
}

static void pass_time(void) {
  DWORD seconds = often(80) ? chance(90) : chance(6 * 3600);
  tell("wait %u s", seconds);
  config_wait(seconds);
}

static void let_go(void) {
  int line = (int)chance(FSP_LINES);
  tell("let the call on line %d go", line);
  fsp_let_line(line);
}

static void switch_lines(void) {
  bool back = often(70);
  tell("lines that were away are back: %d", back);
  atomic_store(&lines_back, back);
}

static void prepare_anew(void) {
  DWORD i = chance(DOCUMENTS);
  tell("prepare document %u anew", i);
  assert_true(FaxClose(walk.documents[i]));
  walk.documents[i] = config_prepare(&st);
}

/* What the API lists is what the events told of. */
static void list_jobs(void) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  tell("FaxEnumJobs: %u", count);
  for (DWORD i = 0; i < count; i++)
    hold(jobs[i].JobId < walk.room &&
             (walk.loose || (walk.jobs[jobs[i].JobId].at != AT_NOTHING &&
                             walk.jobs[jobs[i].JobId].at != AT_GONE)),
         "job %u is listed", jobs[i].JobId);
  if (!walk.loose)
    hold(count == walk.live_count, "%u jobs are listed of %u", count,
         walk.live_count);
  FaxFreeBuffer(jobs);
}

static const struct {
  void (*take)(void);
  DWORD weight;
} steps[] = {{submit_one, 22},  {command_one, 22},    {abort_one, 8},
             {configure, 4},    {change_any_port, 4}, {ring_one, 8},
             {pass_time, 18},   {let_go, 6},          {prepare_anew, 1},
             {switch_lines, 4}, {list_jobs, 3}};

static void step(void) {
  DWORD sum = 0, at;
  size_t i = 0;
  for (size_t n = 0; n < sizeof steps / sizeof *steps; n++)
    sum += steps[n].weight;
  at = chance(sum);
  while (at >= steps[i].weight) at -= steps[i++].weight;
  if (steps[i].take == submit_one && walk.live_count > MOST_JOBS)
    abort_one();
  else
    steps[i].take();
  if (!walk.loose || often(20)) config_settle();
  take_events();
  DWORD count = walk_hold_all();
  if (!walk.loose) {
    take_events();
    hold(count == walk.live_count, "%u jobs, and events of %u", count,
         walk.live_count);
  }
}

/* ---- the end ---- */

static void open_all(void) {
  FAX_CONFIGURATION *c = config_take(&st);
  c->PauseServerQueue = FALSE;
  c->StartCheapTime = c->StopCheapTime;
  c->DirtyDays = 0;
  c->Retries = 1;
  c->RetryDelay = 1;
  config_put(&st, c);
  atomic_store(&lines_back, true);
  atomic_store(&routes, true);
  for (DWORD i = 0; i < FSP_LINES;) {
    change_port(FSP_FIRST + i, FPF_VIRTUAL | FPF_SEND | FPF_RECEIVE, i + 1);
    if (strstr(walk.told[walk.step % TOLD], ": 0") != NULL)
      i++;
    else
      config_wait(600);
    fsp_let();
  }
}

static void run_dry(int hours) {
  for (int i = 0; i < hours * 6; i++) {
    fsp_let();
    config_wait(600);
    take_events();
    walk_hold_all();
  }
}

/* Every job rests where docs/jobs.md lets it: paused, scheduled, retries
   exceeded, failed. */
static DWORD hold_resting(bool scheduled, bool paused) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  for (DWORD i = 0; i < count; i++) {
    DWORD status = jobs[i].QueueStatus;
    int64_t wall = 0;
    time_from_systemtime(&jobs[i].ScheduleTime, &wall);
    bool waits = jobs[i].ScheduleAction == JSA_SPECIFIC_TIME &&
                 (status == JS_INPROGRESS || /* its date has just come */
                  (wall > FaxClockWall() && status == JS_PENDING));
    hold(status == JS_RETRIES_EXCEEDED || status == JS_FAILED ||
             (scheduled && waits) || (paused && (status & JS_PAUSED) != 0),
         "job %u does not end: 0x%x", jobs[i].JobId, status);
  }
  FaxFreeBuffer(jobs);
  return count;
}

static void command_all(DWORD command, DWORD mask, DWORD value) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  for (DWORD i = 0; i < count; i++) {
    if ((jobs[i].QueueStatus & mask) != value) continue;
    tell("at the end: job=%u command=%u", jobs[i].JobId, command);
    hold(FaxSetJob(st.server, jobs[i].JobId, command, NULL),
         "job %u, 0x%x, command %u: %s", jobs[i].JobId, jobs[i].QueueStatus,
         command, FaxGetLastErrorMessage());
  }
  FaxFreeBuffer(jobs);
  config_settle();
  take_events();
  walk_hold_all();
}

/* Each command leads out of where a job may rest. */
static void let_all_end(void) {
  open_all();
  run_dry(6);
  hold_resting(true, true);
  run_dry(10); /* all dates are over */
  hold_resting(false, true);
  command_all(JC_RESUME, JS_PAUSED, JS_PAUSED);
  run_dry(6);
  hold_resting(false, false);
  command_all(JC_RESTART, JS_RETRIES_EXCEEDED, JS_RETRIES_EXCEEDED);
  run_dry(6);
  hold_resting(false, false);
  command_all(JC_DELETE, 0, 0);
  assert_int_equal(walk.live_count, 0);
  assert_int_equal(walk_hold_all(), 0);
  for (int i = 0; i < DOCUMENTS; i++) assert_true(FaxClose(walk.documents[i]));
  config_wait(60);
  assert_int_equal(stage_files(&st, "spool"), 0);
}

/* ---- the walk ---- */

static unsigned long number_of(const char *name, unsigned long otherwise) {
  const char *text = getenv(name);
  return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

static void short_limits(struct fax_service_config *config) {
  config->operation_limit = 2 * 3600;
  config->abort_limit = 8; /* FSP_LATE takes longer */
  config->calls_per_number = 2;
  config->batch = walk.batch;
}

static void begin(void) {
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(2);
  fsp_script.send = send_something;
  fsp_script.receive = receive_something;
  stage_start_with(&st, "forward", NULL, short_limits);
  assert_true(pages_make(st.document, PAGES_SHORT, 2, 40, 98));
  for (int i = 0; i < DOCUMENTS; i++) walk.documents[i] = config_prepare(&st);
  struct service *s = service_current();
  pthread_mutex_lock(&s->lock);
  assert_int_equal(routing_method_add(s, &method), ERROR_SUCCESS);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  for (DWORD i = 0; i < FSP_LINES / 2; i++) {
    port = open_port(FSP_FIRST + i, PORT_OPEN_MODIFY);
    enable(method.guid, TRUE);
    assert_true(FaxClose(port));
  }
}

/* JOB-9, -17..25, -29, -33, -34, -49, -60, FSP-32, EVT-21 */
static void jobs_walk_the_table(void **unused) {
  (void)unused;
  begin();
  for (walk.step = 0; walk.step < walk.steps; walk.step++) step();
  let_all_end();
  print_message("WALK_SEED=%lu: %lu steps, %u jobs, %u calls, %u rests\n",
                walk.seed, walk.steps, walk.ended, walk.calls[AT_CALL],
                walk.calls[AT_REST]);
  stage_stop_virtual(&st);
  free(walk.jobs);
}

/* The same with calls of several jobs. */
static void jobs_walk_together(void **unused) {
  unsigned long seed = walk.seed, all = walk.steps;
  bool loose = walk.loose;
  memset(&walk, 0, sizeof walk);
  walk.seed = walk.random = seed;
  walk.steps = all / 3;
  walk.loose = loose;
  walk.batch = 5;
  jobs_walk_the_table(unused);
  assert_true(atomic_load(&long_calls) > 0 || all < STEPS);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(jobs_walk_the_table),
                                     cmocka_unit_test(jobs_walk_together)};
  test_start();
  walk.seed = number_of("WALK_SEED", 1);
  walk.steps = number_of("WALK_STEPS", STEPS);
  walk.loose = number_of("WALK_LOOSE", 0) != 0;
  walk.random = walk.seed;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  if (failed != 0) tell_all();
  return failed;
}
