/* SPDX-License-Identifier: MIT
   A service without a provider, and FSPs to load into it, which can be held
   where they were called. For the tests of what comes and goes. */
#ifndef FAX_SPEC_SERVICE_LOAD_H
#define FAX_SPEC_SERVICE_LOAD_H

#include <fax/fax_provider.h>

#include "service_config.h"

static struct stage st;
static HANDLE ends; /* where the ends of providers are told */
static HANDLE made[16];
static size_t made_count;
static atomic_int initialized, shut_down;

/* ---- the FSP: what it does before it comes back ---- */

static struct fax_cancel *hold_initialize, *hold_shutdown, *inside;

static inline BOOL count_initialize(HLINEAPP app, HANDLE heap,
                                    PFAX_LINECALLBACK *callback,
                                    PFAX_SERVICE_CALLBACK service) {
  atomic_fetch_add(&initialized, 1);
  if (hold_initialize != NULL) {
    FaxCancelSet(inside);
    fsp_wait(hold_initialize);
  }
  return fsp_initialize(app, heap, callback, service);
}

static inline BOOL fail_initialize(HLINEAPP app, HANDLE heap,
                                   PFAX_LINECALLBACK *callback,
                                   PFAX_SERVICE_CALLBACK service) {
  (void)app, (void)heap, (void)callback, (void)service;
  FaxSetLastError(ERROR_ACCESS_DENIED);
  return FALSE;
}

static inline HRESULT count_shutdown(void) {
  if (hold_shutdown != NULL) {
    FaxCancelSet(inside);
    fsp_wait(hold_shutdown);
  }
  atomic_fetch_add(&shut_down, 1);
  return S_OK;
}

/* ---- the stage ---- */

static char forward[96], copy[96];

static inline void no_provider(struct fax_service_config *config) {
  config->provider_count = 0;
  config->abort_limit = 30;
}

static inline int set_up(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(1);
  fsp_script.initialize = count_initialize;
  fsp_script.shutdown = count_shutdown;
  initialized = shut_down = 0;
  stage_start_with(&st, "forward", NULL, no_provider);
  stage_document(&st, 1);
  stage_copy_fsp(&st, "forward", "forward.so", forward, sizeof forward);
  stage_copy_fsp(&st, "forward", "copy.so", copy, sizeof copy);
  ends = FaxCreateCompletionPort();
  return 0;
}

static inline int tear_down(void **unused) {
  (void)unused;
  stage_stop_within(60);
  while (made_count > 0) FaxClose(made[--made_count]);
  assert_int_equal(initialized, shut_down);
  assert_true(FaxCloseCompletionPort(ends));
  stage_end(&st);
  assert_true(FaxClockReal());
  return 0;
}

static inline BOOL load_as(const char *name, const char *path, HANDLE *out) {
  struct fax_load load = {.size = sizeof load,
                          .provider = {.name = name, .path = path},
                          .port = ends};
  load.key = 7;
  return FaxLoadProvider(st.server, &load, out);
}

static inline HANDLE load_named(const char *name, const char *path) {
  assert_true(made_count < sizeof made / sizeof *made);
  if (!load_as(name, path, &made[made_count]))
    fail_msg("%s", FaxGetLastErrorMessage());
  return made[made_count++];
}

static inline HANDLE load(const char *path) {
  return load_named("mine", path);
}

/* The next provider to end does so with this. */
static inline void await_end(DWORD error) {
  struct fax_packet packet;
  DWORD taken;
  if (!FaxGetCompletions(ends, &packet, 1, &taken, stage_patience()))
    fail_msg("no end came");
  struct fax_call call = *(struct fax_call *)packet.packet;
  assert_null(FaxLocalFree(packet.packet));
  assert_int_equal(packet.key, 7);
  assert_int_equal(call.kind, FAX_CALL_STOP);
  assert_int_equal(call.error, error);
}

static inline DWORD port_count(void) {
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  for (DWORD i = 0, seen = 0; i < count; i++) { /* PORT-26 */
    assert_in_range(ports[i].Priority, 1, count);
    assert_int_equal(seen & 1u << ports[i].Priority, 0);
    seen |= 1u << ports[i].Priority;
  }
  FaxFreeBuffer(ports);
  return count;
}

static inline DWORD send_by(DWORD device, const char *number) {
  const char *file = st.document;
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = number};
  struct fax_submission s = {.size = sizeof s,
                             .files = &file,
                             .file_count = 1,
                             .params = &p,
                             .ecm = FAX_UNKNOWN,
                             .device_id = device};
  DWORD id;
  if (!FaxSubmit(st.server, &s, &id)) fail_msg("%s", FaxGetLastErrorMessage());
  return id;
}

/* A call on the first line, which lasts until fsp_let. */
static inline DWORD hold_call(void) {
  DWORD job = send_by(FSP_FIRST, FSP_ON_LET FSP_COMPLETES);
  stage_skip(&st, FEI_SENDING, job);
  return job;
}

static inline void completes(DWORD job) {
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
}

static inline void log_says(const char *text, bool wanted) {
  char path[96], content[16384] = "";
  snprintf(path, sizeof path, "%s/fax.log", st.directory);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  content[fread(content, 1, sizeof content - 1, f)] = '\0';
  fclose(f);
  if ((strstr(content, text) != NULL) != wanted)
    fail_msg("\"%s\" in %s: %s", text, content, wanted ? "no" : "yes");
}

/* What FaxEnumProviders says of it, of the last when there are two of the name;
   FAX_UNKNOWN: nothing. */
static inline DWORD state_of(const char *name) {
  struct fax_provider_info *list;
  DWORD count, state = FAX_UNKNOWN;
  assert_true(FaxEnumProviders(st.server, &list, &count));
  for (DWORD i = 0; i < count; i++) {
    if (strcmp(list[i].name, name) != 0) continue;
    state = list[i].state;
    bool there = state == FAX_PROVIDER_RUNNING || state == FAX_PROVIDER_LEAVING;
    assert_int_equal(list[i].size, sizeof list[i]);
    assert_int_equal(list[i].device_count, there ? FSP_LINES : 0);
    assert_int_equal(list[i].error == FAX_UNKNOWN,
                     state != FAX_PROVIDER_FAILED);
  }
  FaxFreeBuffer(list);
  return state;
}

/* The FSP does not come back from there until it is let. */
static inline void hold(struct fax_cancel **what) {
  *what = FaxCancelCreate();
  inside = FaxCancelCreate();
}

static inline void let(struct fax_cancel **what) {
  FaxCancelSet(*what);
}

static inline void freed(struct fax_cancel **what) {
  FaxCancelFree(*what);
  FaxCancelFree(inside);
  *what = inside = NULL;
}

static DWORD loader_error; /* of what was begun */

static inline pthread_t begin_load(thread_fn *run) {
  pthread_t thread;
  hold(&hold_initialize);
  assert_int_equal(thread_start(&thread, "loader", run, NULL), 0);
  fsp_wait(inside);
  return thread;
}

static inline void end_load(pthread_t thread) {
  let(&hold_initialize);
  thread_join(thread);
  freed(&hold_initialize);
}

#endif
