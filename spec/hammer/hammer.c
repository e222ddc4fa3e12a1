/* SPDX-License-Identifier: MIT
   hammer SECONDS [SEED]: ends with 1 when a call is stuck, a port stays busy, a
   job stays undecided, or the service does not stop. For the sanitizers, which
   tell the rest. */
#include "hammer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service_fsp.h"

/* A call may take so long, under any sanitizer and on a busy machine. */
#define STUCK (120 * FAX_SECOND)

struct stage stage;

unsigned draw(struct worker *w, unsigned below) {
  return (unsigned)rand_r(&w->seed) % below;
}

void announce(struct worker *w, const char *what) {
  atomic_store(&w->doing, what);
  atomic_store(&w->since, FaxClockNow());
  w->calls++;
}

DWORD any_job(struct worker *w) {
  unsigned newest = atomic_load(&stage.newest);
  return newest + 2 - draw(w, newest < 100 ? newest + 2 : 100);
}

HANDLE any_server(struct worker *w) {
  if (draw(w, 3) != 0) return w->server;
  return atomic_load(&stage.servers[draw(w, SLOTS)]);
}

static _Noreturn void fail(const char *what, const char *why) {
  fprintf(stderr, "hammer: %s: %s\n", what, why);
  exit(1);
}

/* ---- the service ---- */

/* Files of their own: a shared object serves one provider at a time. */
static void copy_fsp(const char *name, char *path, size_t size) {
  char command[512];
  char *from;
  if (!FaxFindCompanion(name, &from)) fail(name, FaxGetLastErrorMessage());
  snprintf(path, size, "%s/copy-of-%s", stage.directory,
           strrchr(name, '/') + 1);
  snprintf(command, sizeof command, "cp '%s' '%s'", from, path);
  if (system(command) != 0) fail(path, "cannot be written");
  FaxFreeBuffer(from);
}

static void start(void) {
  static const char *const lines[] = {"lines=2", NULL};
  static struct fax_provider_config providers[] = {
      {.name = "loopback", .options = lines}, {.name = "forward"}};
  struct fax_service_config config;
  providers[1].path = getenv("FAX_FORWARD");
  if (!folder_make(stage.directory)) fail("mkdtemp", stage.directory);
  snprintf(stage.document, sizeof stage.document, "%s/document.tif",
           stage.directory);
  if (!pages_make(stage.document, PAGES_SHORT, 2, 300, 196))
    fail(stage.document, "cannot be written");
  copy_fsp("fsp/loopback.so", stage.second, sizeof stage.second);
  copy_fsp("fsp/template-c.so", stage.third, sizeof stage.third);
  fsp_set(2);
  fsp.freed = FaxCancelCreate();
  FaxServiceDefaults(&config);
  config.calls_per_number = 0;
  config.directory = stage.directory;
  config.retry_delay = 0;
  config.event_backlog = 500;
  config.providers = providers;
  config.provider_count = 2;
  stage.config = config;
  if (!FaxServiceStart(&config)) fail("start", FaxGetLastErrorMessage());
}

static void stop(void) {
  fax_deadline now = FaxClockNow();
  if (!FaxServiceStop(now + 60 * FAX_SECOND, now))
    fail("stop", FaxGetLastErrorMessage());
  FaxCancelFree(fsp.freed);
  folder_remove(stage.directory);
}

/* ---- the workers ---- */

static void *c_worker(void *worker) {
  struct worker *w = worker;
  w->events = FaxCreateCompletionPort();
  if (!FaxConnectFaxServer(NULL, &w->server))
    fail("connect", FaxGetLastErrorMessage());
  while (!atomic_load(&stage.over)) {
    call_any(w);
    if (draw(w, 50) == 0) fsp_ring(FSP_FIRST + draw(w, FSP_LINES), 9);
  }
  FaxClose(w->server);
  FaxCloseCompletionPort(w->events);
  return NULL;
}

static void watch(struct worker *workers, unsigned count, fax_deadline until) {
  struct fax_cancel *never = FaxCancelCreate();
  for (fax_deadline now; (now = FaxClockNow()) < until;) {
    FaxClockWait(now + FAX_SECOND, never);
    for (unsigned i = 0; i < count; i++)
      if (FaxClockNow() - atomic_load(&workers[i].since) > STUCK)
        fail("stuck", atomic_load(&workers[i].doing));
  }
  FaxCancelFree(never);
}

static void close_all(void) {
  FaxClose(atomic_load(&stage.provider));
  for (unsigned i = 0; i < SLOTS; i++) {
    FaxClose(atomic_load(&stage.ports[i]));
    FaxClose(atomic_load(&stage.documents[i]));
    FaxClose(atomic_load(&stage.servers[i]));
  }
}

/* ---- what must be true afterwards ---- */

static DWORD abort_all(HANDLE server) {
  PFAX_JOB_ENTRY jobs;
  DWORD count;
  if (!FaxEnumJobs(server, &jobs, &count))
    fail("jobs", FaxGetLastErrorMessage());
  for (DWORD i = 0; i < count; i++) FaxAbort(server, jobs[i].JobId);
  FaxFreeBuffer(jobs);
  return count;
}

static bool all_idle(HANDLE server) {
  PFAX_PORT_INFO ports;
  DWORD count;
  bool idle = true;
  if (!FaxEnumPorts(server, &ports, &count))
    fail("ports", FaxGetLastErrorMessage());
  for (DWORD i = 0; i < count; i++)
    if (ports[i].State != FPS_AVAILABLE && ports[i].State != FPS_UNAVAILABLE)
      idle = false;
  FaxFreeBuffer(ports);
  return idle;
}

/* Looks again after every event; the ports and jobs must come to rest. */
static void settle(void) {
  struct fax_packet packet;
  DWORD taken;
  HANDLE server, events = FaxCreateCompletionPort();
  fax_deadline until = FaxClockNow() + STUCK;
  if (!FaxConnectFaxServer(NULL, &server) ||
      !FaxSubscribe(server, events, 1, NULL))
    fail("connect", FaxGetLastErrorMessage());
  while (abort_all(server) != 0 || !all_idle(server)) {
    if (FaxClockNow() > until) fail("afterwards", "a job or a port is stuck");
    if (FaxGetCompletions(events, &packet, 1, &taken,
                          FaxClockNow() + FAX_SECOND))
      FaxLocalFree(packet.packet);
  }
  FaxClose(server);
  FaxCloseCompletionPort(events);
}

int main(int argc, char **argv) {
  static struct worker workers[C_WORKERS + LUA_WORKERS];
  const unsigned count = C_WORKERS + LUA_WORKERS;
  double seconds = argc > 1 ? atof(argv[1]) : 60;
  unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
  unsigned long calls = 0;
  start();
  for (unsigned i = 0; i < count; i++) {
    workers[i].number = i;
    workers[i].seed = seed * 1000 + i;
    announce(&workers[i], "begin");
    if (pthread_create(&workers[i].thread, NULL,
                       i < C_WORKERS ? c_worker : lua_worker, &workers[i]) != 0)
      fail("thread", "cannot be made");
  }
  watch(workers, count,
        FaxClockNow() + (fax_deadline)(seconds * (double)FAX_SECOND));
  atomic_store(&stage.over, true);
  for (unsigned i = 0; i < count; i++) {
    pthread_join(workers[i].thread, NULL);
    calls += workers[i].calls;
  }
  close_all();
  settle();
  stop();
  printf("hammer: %lu calls, %u jobs, seed %u\n", calls,
         atomic_load(&stage.newest), seed);
  return 0;
}
