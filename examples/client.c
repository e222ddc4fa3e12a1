/* SPDX-License-Identifier: MIT
   The C API with its Windows names: starts a service, sends a document from
   line 1 to line 2, follows the events to the end of the job.
     cc examples/client.c $(pkg-config --cflags --libs fax) -o client
     ./client letter.pdf 102 /tmp/fax-example */
#define FAX_WIN32_NAMES
#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <stdio.h>
#include <string.h>

#define KEY 1
#define LIMIT_MS (10 * 60 * 1000)

static int fail(const char *what) {
  fprintf(stderr, "%s: %s (%s)\n", what, FaxErrorText(GetLastError()),
          FaxGetLastErrorMessage());
  return 1;
}

/* On Windows the service runs already; here the program brings its own. */
static BOOL start(const char *directory) {
  struct fax_service_config config;
  struct fax_provider_config loopback = {.name = "loopback"};
  FaxServiceDefaults(&config);
  config.directory = directory;
  config.providers = &loopback;
  config.provider_count = 1;
  config.retries = 0;
  return FaxServiceStart(&config);
}

static int show_ports(HANDLE fax) {
  PFAX_PORT_INFO ports;
  DWORD count;
  if (!FaxEnumPorts(fax, &ports, &count)) return fail("FaxEnumPorts");
  for (DWORD i = 0; i < count; i++)
    printf("port %u: %s\n", (unsigned)ports[i].DeviceId, ports[i].DeviceName);
  FaxFreeBuffer(ports);
  return 0;
}

static BOOL send_document(HANDLE fax, const char *path, const char *number,
                          DWORD *job) {
  FAX_JOB_PARAM params;
  memset(&params, 0, sizeof params);
  params.SizeOfStruct = sizeof params;
  params.RecipientNumber = number;
  params.DocumentName = "An example";
  params.ScheduleAction = JSA_NOW;
  return FaxSendDocument(fax, path, &params, NULL, job);
}

/* What became of the job: FAX_OUTCOME_PENDING while that is open. A job that
   was not delivered stays in the queue, so FEI_DELETED alone would not tell. */
static DWORD outcome(HANDLE fax, DWORD job, DWORD *confirmed) {
  struct fax_job_result *result;
  DWORD decided = FAX_OUTCOME_FAILED;
  if (!FaxGetJobResult(fax, job, &result)) {
    fail("FaxGetJobResult");
    return decided;
  }
  decided = result->outcome;
  *confirmed = result->pages_confirmed;
  FaxFreeBuffer(result);
  return decided;
}

/* The next event of the job; 0 and a message when none came. */
static DWORD next_event(HANDLE port, DWORD job) {
  for (;;) {
    DWORD bytes;
    ULONG_PTR key;
    LPOVERLAPPED packet;
    if (!GetQueuedCompletionStatus(port, &bytes, &key, &packet, LIMIT_MS)) {
      fail("GetQueuedCompletionStatus");
      return 0;
    }
    FAX_EVENT event = *(const FAX_EVENT *)packet;
    LocalFree(packet);
    if (event.JobId == job) return event.EventId;
  }
}

static int follow(HANDLE fax, HANDLE port, DWORD job) {
  DWORD confirmed = 0, decided;
  while ((decided = outcome(fax, job, &confirmed)) == FAX_OUTCOME_PENDING) {
    DWORD id = next_event(port, job);
    if (id == 0) return 1;
    printf("job %u: event %u\n", (unsigned)job, (unsigned)id);
  }
  printf("job %u: %s, %u pages confirmed\n", (unsigned)job,
         decided == FAX_OUTCOME_COMPLETED ? "delivered" : "not delivered",
         (unsigned)confirmed);
  return decided == FAX_OUTCOME_COMPLETED ? 0 : 1;
}

static int run(HANDLE port, const char *path, const char *number) {
  HANDLE fax;
  DWORD job;
  int status;
  if (!FaxConnectFaxServer(NULL, &fax)) return fail("FaxConnectFaxServer");
  status = show_ports(fax);
  if (status == 0 && !FaxInitializeEventQueue(fax, port, KEY, NULL, 0))
    status = fail("FaxInitializeEventQueue");
  if (status == 0 && !send_document(fax, path, number, &job))
    status = fail("FaxSendDocument");
  else if (status == 0)
    status = follow(fax, port, job);
  FaxClose(fax);
  return status;
}

int main(int argc, char **argv) {
  int status;
  if (argc != 4) {
    fprintf(stderr, "usage: %s FILE NUMBER DIRECTORY\n", argv[0]);
    return 2;
  }
  if (!start(argv[3])) return fail("FaxServiceStart");
  HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
  status = port != NULL ? run(port, argv[1], argv[2])
                        : fail("CreateIoCompletionPort");
  fax_deadline now = FaxClockNow();
  if (!FaxServiceStop(now + 90 * FAX_SECOND, now + 60 * FAX_SECOND))
    status = fail("FaxServiceStop");
  if (port != NULL) FaxCloseCompletionPort(port);
  return status;
}
