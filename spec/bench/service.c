/* SPDX-License-Identifier: MIT
   The cost of a fax in the service: `service FILE.tif JOBS PAIRS` queues JOBS
   copies of the document while no line may send, then lets PAIRS lines send at
   once, until all is received and in the inbox. For each line that calls there
   are two that answer in turn, so that none is found busy. */
#include "bench.h"

#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <string.h>
#include <unistd.h>

#include "../c/pages.h"

static const char *folder;
static HANDLE server, events;

static void start(unsigned pairs) {
  struct fax_service_config config;
  char lines[32];
  const char *const options[] = {lines, NULL};
  struct fax_provider_config loopback = {.name = "loopback",
                                         .options = options};
  folder = bench_folder();
  snprintf(lines, sizeof lines, "lines=%u", 3 * pairs);
  FaxServiceDefaults(&config);
  config.calls_per_number = 0;
  config.directory = folder;
  config.branding = FALSE;
  config.retries = 0;
  config.providers = &loopback;
  config.provider_count = 1;
  bench_need(FaxServiceStart(&config), "FaxServiceStart");
  bench_need(FaxConnectFaxServer(NULL, &server), "FaxConnectFaxServer");
  events = FaxCreateCompletionPort();
  bench_need(events != NULL, "FaxCreateCompletionPort");
  bench_need(FaxSubscribe(server, events, 1, NULL), "FaxSubscribe");
}

/* Sets what the lines first..last - 1 (from zero) may do. */
static void set_lines(DWORD first, DWORD last, DWORD flags) {
  PFAX_PORT_INFO ports;
  DWORD count;
  bench_need(FaxEnumPorts(server, &ports, &count), "FaxEnumPorts");
  for (DWORD i = first; i < last && i < count; i++) {
    HANDLE port;
    FAX_PORT_INFO info = ports[i];
    info.Flags = (info.Flags & FPF_VIRTUAL) | flags;
    bench_need(FaxOpenPort(server, info.DeviceId, PORT_OPEN_MODIFY, &port),
               "FaxOpenPort");
    bench_need(FaxSetPort(port, &info), "FaxSetPort");
    FaxClose(port);
  }
  FaxFreeBuffer(ports);
}

static void submit(const char *file, unsigned jobs, unsigned pairs) {
  for (unsigned i = 0; i < jobs; i++) {
    char number[16];
    FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                            .RecipientNumber = number,
                            .DocumentName = "bench"};
    snprintf(number, sizeof number, "%u", 101 + pairs + i % (2 * pairs));
    bench_need(FaxSendDocument(server, file, &params, NULL, NULL), file);
  }
}

static void check(const struct fax_event *e, unsigned pages) {
  bool ok = true;
  if (e->event_id == FEI_FAX_RECEIVED)
    ok = e->complete == 1 && e->pages == pages && e->bad_rows == 0;
  if (e->event_id == FEI_DELETED) ok = e->outcome == FAX_OUTCOME_COMPLETED;
  if (ok) return;
  fprintf(stderr, "service: job %u did not arrive whole: %s\n",
          (unsigned)e->job_id, e->cause != NULL ? e->cause : "cause unknown");
  exit(1);
}

/* Until both ends of every job are over. */
static void receive(unsigned jobs, unsigned pages) {
  unsigned left = 2 * jobs;
  while (left > 0) {
    struct fax_packet packet;
    DWORD taken;
    bench_need(FaxGetCompletions(events, &packet, 1, &taken,
                                 FaxClockNow() + 60 * FAX_SECOND),
               "no event for a minute");
    struct fax_event *e = packet.packet;
    check(e, pages);
    if (e->event_id == FEI_DELETED) left--;
    FaxLocalFree(e);
  }
}

int main(int argc, char **argv) {
  unsigned jobs = argc == 4 ? (unsigned)atoi(argv[2]) : 0;
  unsigned pairs = argc == 4 ? (unsigned)atoi(argv[3]) : 0;
  unsigned pages = jobs > 0 && pairs > 0 ? pages_count(argv[1]) : 0;
  if (pages == 0) {
    fprintf(stderr, "usage: service FILE.tif JOBS PAIRS\n");
    return 2;
  }
  double all = (double)pages * jobs;
  start(pairs);
  set_lines(0, pairs, 0);
  set_lines(pairs, 3 * pairs, FPF_RECEIVE);
  struct bench_cost from = bench_now();
  submit(argv[1], jobs, pairs);
  struct bench_cost submitted = bench_since(from);
  from = bench_now();
  set_lines(0, pairs, FPF_SEND);
  receive(jobs, pages);
  struct bench_cost sent = bench_since(from);
  printf("submit_cpu_per_page %.9f\n", submitted.own / all);
  printf("submit_wall_per_document %.9f\n", submitted.wall / jobs);
  printf("fax_cpu_per_page %.9f\n", sent.own / all);
  printf("fax_pages_per_second %.6f\n", all / sent.wall);
  fax_deadline now = FaxClockNow();
  FaxClose(server);
  FaxServiceStop(now + 20 * FAX_SECOND, now);
  FaxCloseCompletionPort(events);
  return 0;
}
