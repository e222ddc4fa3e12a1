/* SPDX-License-Identifier: MIT
   A service with a long queue, for the benchmarks: public headers only. The
   jobs wait for a line, and no line may send. */
#ifndef FAX_BENCH_QUEUE_H
#define FAX_BENCH_QUEUE_H

#include <fax/fax_clock.h>
#include <fax/fax_record.h>
#include <fax/fax_service.h>
#include <string.h>

#include "bench.h"

struct queue {
  HANDLE server;
  HANDLE document; /* for any number of jobs */
  DWORD *jobs;     /* what queue_fill submitted */
  DWORD count;
};

static inline void queue_connect(struct queue *q) {
  bench_need(FaxConnectFaxServer(NULL, &q->server), "FaxConnectFaxServer");
}

/* On what an earlier one left in the folder, if there was one. */
static inline void queue_start(struct queue *q, const char *folder,
                               unsigned lines) {
  struct fax_service_config config;
  char count[32];
  const char *const options[] = {count, "numbers=1001", NULL};
  struct fax_provider_config loopback = {.name = "loopback",
                                         .options = options};
  snprintf(count, sizeof count, "lines=%u", lines);
  FaxServiceDefaults(&config);
  config.calls_per_number = 0;
  config.directory = folder;
  config.providers = &loopback;
  config.provider_count = 1;
  bench_need(FaxServiceStart(&config), "FaxServiceStart");
  queue_connect(q);
}

static inline void queue_stop(struct queue *q) {
  fax_deadline now = FaxClockNow();
  FaxClose(q->server);
  bench_need(FaxServiceStop(now + 60 * FAX_SECOND, now), "FaxServiceStop");
}

/* No line sends or answers. */
static inline void queue_hold(struct queue *q) {
  PFAX_PORT_INFO ports;
  DWORD count;
  bench_need(FaxEnumPorts(q->server, &ports, &count), "FaxEnumPorts");
  for (DWORD i = 0; i < count; i++) {
    HANDLE port;
    FAX_PORT_INFO info = ports[i];
    info.Flags &= FPF_VIRTUAL;
    bench_need(FaxOpenPort(q->server, info.DeviceId, PORT_OPEN_MODIFY, &port) &&
                   FaxSetPort(port, &info) && FaxClose(port),
               "FaxSetPort");
  }
  FaxFreeBuffer(ports);
}

static inline void queue_prepare(struct queue *q, const char *file) {
  struct fax_document ask = {
      .size = sizeof ask, .files = &file, .file_count = 1};
  bench_need(FaxPrepareDocument(q->server, &ask, &q->document), file);
}

/* `at`: the second since 1970 that the job is for, 0: at once. */
static inline void queue_order(const struct queue *q, double at,
                               FAX_JOB_PARAM *params,
                               struct fax_submission *order_out) {
  *params = (FAX_JOB_PARAM){.SizeOfStruct = sizeof *params,
                            .RecipientNumber = "+49 30 123456-0",
                            .RecipientName = "A. Recipient",
                            .Tsid = "+49 30 654321",
                            .SenderName = "A. Sender",
                            .SenderCompany = "Company",
                            .SenderDept = "Department",
                            .BillingCode = "4711",
                            .DocumentName = "bench"};
  if (at > 0) {
    params->ScheduleAction = JSA_SPECIFIC_TIME;
    FaxSecondsToSystemTime(at, &params->ScheduleTime);
  }
  *order_out = (struct fax_submission){.size = sizeof *order_out,
                                       .document = q->document,
                                       .params = params,
                                       .retries = FAX_UNKNOWN,
                                       .retry_delay = FAX_UNKNOWN,
                                       .ecm = FAX_UNKNOWN};
}

static inline DWORD queue_submit(struct queue *q, double at) {
  FAX_JOB_PARAM params;
  struct fax_submission sub;
  queue_order(q, at, &params, &sub);
  DWORD id = 0;
  bench_need(FaxSubmit(q->server, &sub, &id), "FaxSubmit");
  return id;
}

/* Submits until `count` jobs are queued; may be called again for more. */
static inline void queue_fill(struct queue *q, DWORD count, double at) {
  q->jobs = realloc(q->jobs, count * sizeof *q->jobs);
  bench_need(q->jobs != NULL, "memory");
  while (q->count < count) q->jobs[q->count++] = queue_submit(q, at);
}

#endif
