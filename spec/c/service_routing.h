/* SPDX-License-Identifier: MIT
   For the tests of routing: methods that do as they are told, and a service on
   the virtual clock that has them. */
#ifndef FAX_SPEC_SERVICE_ROUTING_H
#define FAX_SPEC_SERVICE_ROUTING_H

#include "service/port/device.h"
#include "service/routing/method.h"
#include "service_fsp.h"
#include "service_stage.h"

#define FOLDER "{92041a90-9af2-11d0-abf7-00c04fd91a4e}"

static struct stage st;

/* ---- methods that do as they are told ---- */

enum { A, B, FAKES };

static struct fake {
  struct routing_method what;
  DWORD failures; /* of the next runs */
  double seconds; /* that a run takes */
  void (*in_run)(const struct fax_received *fax);
  void (*in_check)(void); /* once */
} fakes[FAKES];

static char ran[64]; /* a letter for each run, small for one that failed */
static fax_deadline last_run;

static inline DWORD fake_check(const struct routing_method *self,
                               const BYTE *data, DWORD size) {
  struct fake *f = (struct fake *)self;
  void (*then)(void) = f->in_check;
  f->in_check = NULL;
  if (then != NULL) then();
  if (size > 0 && data[0] == '!')
    return error_say(ERROR_INVALID_DATA, "it begins with !");
  return ERROR_SUCCESS;
}

static inline DWORD fake_run(const struct routing_method *self,
                             const struct fax_received *fax, const BYTE *data,
                             DWORD size) {
  struct fake *f = (struct fake *)self;
  bool fails = f->failures > 0;
  char letter = (char)((fails ? 'a' : 'A') + (f - fakes));
  (void)data, (void)size;
  if (f->seconds > 0)
    FaxClockWait(clock_after(FaxClockNow(), f->seconds), NULL);
  if (f->in_run != NULL) f->in_run(fax);
  strncat(ran, &letter, 1);
  last_run = FaxClockNow();
  if (fails) f->failures--;
  return fails ? error_say(ERROR_GEN_FAILURE, "as it was told") : ERROR_SUCCESS;
}

static inline void add_fakes(void) {
  static const char *const guids[FAKES] = {
      "{00000000-0000-0000-0000-00000000000a}",
      "{00000000-0000-0000-0000-00000000000b}"};
  struct service *s = service_current();
  *ran = '\0';
  pthread_mutex_lock(&s->lock);
  for (int i = 0; i < FAKES; i++) {
    fakes[i] = (struct fake){.what = {.guid = guids[i],
                                      .friendly_name = "fake",
                                      .function_name = i == A ? "A" : "B",
                                      .image_name = "image",
                                      .extension_name = "extension",
                                      .initial = "ab",
                                      .initial_size = 2,
                                      .check = fake_check,
                                      .run = fake_run}};
    assert_int_equal(routing_method_add(s, &fakes[i].what), ERROR_SUCCESS);
  }
  assert_int_equal(routing_method_add(s, &fakes[A].what), ERROR_INVALID_DATA);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
}

/* ---- a service, a port, a call ---- */

static HANDLE port;

static inline HANDLE open_port(DWORD device, DWORD flags) {
  HANDLE h;
  if (!FaxOpenPort(st.server, device, flags, &h))
    fail_msg("%s", FaxGetLastErrorMessage());
  return h;
}

static inline void start(void (*change)(struct fax_service_config *)) {
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(1);
  stage_start_with(&st, "forward", NULL, change);
  add_fakes();
  port = open_port(FSP_FIRST, PORT_OPEN_MODIFY);
}

static inline void try_thrice(struct fax_service_config *config) {
  config->retries = 2;
  config->retry_delay = 600;
}

static inline void enable(const char *guid, BOOL enabled) {
  if (!FaxEnableRoutingMethod(port, guid, enabled))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static inline void enable_fakes(void) {
  for (int i = 0; i < FAKES; i++) enable(fakes[i].what.guid, TRUE);
}

static inline BOOL write_path(const char *path) {
  return FaxSetRoutingInfo(port, FOLDER, (const BYTE *)path,
                           (DWORD)strlen(path) + 1);
}

/* A folder of the stage, not made. */
static inline const char *folder_path(const char *name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", st.directory, name);
  return path;
}

static inline void enable_folder(const char *name) {
  const char *path = folder_path(name);
  if (access(path, F_OK) != 0) assert_int_equal(mkdir(path, 0700), 0);
  if (!write_path(path)) fail_msg("%s", FaxGetLastErrorMessage());
  enable(FOLDER, TRUE);
}

/* The job of a fax that comes in and is in the inbox; its path there. */
static inline DWORD receive(DWORD device, char path[256]) {
  fsp_ring(device, 9);
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  DWORD job = e->job_id;
  assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(e->queue_status, JS_INPROGRESS);
  if (path != NULL) snprintf(path, 256, "%s", e->path);
  FaxLocalFree(e);
  return job;
}

/* Until it has left the queue: completed in any case. */
static inline void until_gone(DWORD job) {
  struct fax_event *e = stage_until(&st, FEI_DELETED, job);
  assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
  FaxLocalFree(e);
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
}

static inline void until_changed(DWORD job, DWORD status) {
  struct fax_event *e = stage_until(&st, FEI_FAX_JOB_CHANGED, job);
  assert_int_equal(e->queue_status, status);
  assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
  FaxLocalFree(e);
}

static inline bool same_content(const char *a, const char *b) {
  static char x[1 << 16], y[1 << 16];
  FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
  size_t n = f != NULL ? fread(x, 1, sizeof x, f) : 0;
  size_t m = g != NULL ? fread(y, 1, sizeof y, g) : 0;
  if (f != NULL) fclose(f);
  if (g != NULL) fclose(g);
  return n > 0 && n < sizeof x && n == m && memcmp(x, y, n) == 0;
}

static inline BOOL set_priority(const char *guid, DWORD priority) {
  FAX_GLOBAL_ROUTING_INFO info = {
      .SizeOfStruct = sizeof info, .Priority = priority, .Guid = guid};
  return FaxSetGlobalRoutingInfo(st.server, &info);
}

/* The name of the fax in that folder. */
static inline const char *copy_of(const char *path, const char *folder) {
  static char copy[256];
  snprintf(copy, sizeof copy, "%s%s", folder_path(folder), strrchr(path, '/'));
  return copy;
}

#endif
