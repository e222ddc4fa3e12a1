/* SPDX-License-Identifier: MIT
   What a child process costs a call: `isolate CALLS` has a provider that does
   nothing make so many calls, one after another, in a child process and in this
   one. Lines of `name isolated in-process`. */
#include <fax/faxdev.h>
#include <pthread.h>

#include "bench.h"
#include "host/host.h"

struct call {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool released;
  DWORD status;
};

static void on_status(void *arg, DWORD status, const struct fax_progress *p) {
  (void)arg, (void)status, (void)p;
}

static void on_caller(void *arg, const char *id, const char *routing) {
  (void)arg, (void)id, (void)routing;
}

static void on_ended(void *arg, DWORD status, const struct fax_progress *p) {
  struct call *c = arg;
  (void)p;
  c->status = status;
}

static void on_released(void *arg) {
  struct call *c = arg;
  pthread_mutex_lock(&c->lock);
  c->released = true;
  pthread_cond_signal(&c->changed);
  pthread_mutex_unlock(&c->lock);
}

static void on_ring(void *arg, const struct fax_provider *p, DWORD device,
                    DWORD rings, const char *id) {
  (void)arg, (void)p, (void)device, (void)rings, (void)id;
}

static const struct provider_events events = {on_status, on_caller, on_ended,
                                              on_released, on_ring};

static void make_call(struct fax_provider *p) {
  struct call c = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false,
                   0};
  struct op_order order = {
      .kind = FAX_OP_SEND,
      .file = "/var/spool/fax/page.tif",
      .told = {.size = sizeof order.told,
               .job_id = 1,
               .device_id = provider_device(p, 0)->device_id,
               .first_page = 1,
               .called_number = "100"}};
  struct fax_op *op;
  bench_need(op_new(&order, &c, &op) == 0 && op_start(p, op) == 0, "a call");
  pthread_mutex_lock(&c.lock);
  while (!c.released) pthread_cond_wait(&c.changed, &c.lock);
  pthread_mutex_unlock(&c.lock);
  fax_op_unref(op);
  bench_need(c.status == FS_COMPLETED, "the end of a call");
}

/* Of one call, on average; with the child's own time, from its start. */
static struct bench_cost run(DWORD isolate, unsigned calls) {
  const char *const options[] = {"lines=1", "pages=0", NULL};
  const char *build = getenv("FAX_BUILD");
  char path[512];
  snprintf(path, sizeof path, "%s/spec/fsp/hosted.so",
           build != NULL ? build : "build");
  struct fax_provider_config config = {
      .name = "hosted", .path = path, .options = options, .isolate = isolate};
  struct fax_provider *p;
  struct bench_cost from = bench_now();
  bench_need(host_load(&config, &events, NULL, &p) == 0, "the provider");
  make_call(p); /* the start is over */
  struct bench_cost called = bench_now();
  for (unsigned i = 0; i < calls; i++) make_call(p);
  double wall = bench_since(called).wall;
  bench_need(provider_stop(p, FaxClockNow() + 10 * FAX_SECOND), "the stop");
  struct bench_cost all = bench_since(from);
  return (struct bench_cost){wall / calls, all.own / calls,
                             all.children / calls};
}

int main(int argc, char **argv) {
  unsigned calls = argc > 1 ? (unsigned)atoi(argv[1]) : 10000;
  struct bench_cost there = run(1, calls);
  struct bench_cost here = run(FAX_ISOLATE_NONE, calls);
  printf("cpu %.9f %.9f\n", there.own + there.children, here.own);
  printf("wall %.9f %.9f\n", there.wall, here.wall);
  return 0;
}
