/* SPDX-License-Identifier: MIT
   Every call of the client API, with arguments that are mostly right. */
#include <fax/fax_queue.h>
#include <fax/fax_archive.h>
#include <fax/fax_provider.h>
#include <fax/fax_record.h>
#include <string.h>

#include "hammer.h"

#define FOLDER "{92041a90-9af2-11d0-abf7-00c04fd91a4e}"

/* How calls end: spec/c/service_fsp.h; the last three are lines of the
   exchange, of the one that comes and goes, and nobody. */
static const char *const numbers[] = {"1", "2", "3",   "4",   "6",  "7",
                                      "8", "9", "10",  "12",  "13", "14",
                                      "1", "1", "102", "502", "999"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *any_number(struct worker *w) {
  return numbers[draw(w, COUNT(numbers))];
}

static HANDLE any_port(struct worker *w) {
  return draw(w, 20) == 0 ? any_server(w)
                          : atomic_load(&stage.ports[draw(w, SLOTS)]);
}

static DWORD any_device(struct worker *w) {
  static const DWORD devices[] = {1, 2, 10, 11, 51, 52, 99};
  return devices[draw(w, COUNT(devices))];
}

static void fill(struct worker *w, FAX_JOB_PARAM *p) {
  *p = (FAX_JOB_PARAM){.SizeOfStruct = sizeof *p,
                       .RecipientNumber = any_number(w),
                       .DocumentName = "hammer",
                       .BillingCode = "4711",
                       .ScheduleAction = draw(w, 3)};
  if (p->ScheduleAction == JSA_SPECIFIC_TIME)
    FaxSecondsToSystemTime((double)FaxClockWall() / FAX_SECOND + draw(w, 3),
                           &p->ScheduleTime);
}

static void note(DWORD id) {
  unsigned newest = atomic_load(&stage.newest);
  while (id > newest &&
         !atomic_compare_exchange_weak(&stage.newest, &newest, id)) {
  }
}

/* ---- connecting ---- */

static void connect_again(struct worker *w) {
  struct fax_connect connect = {
      .size = sizeof connect,
      .rights = draw(w, 4) == 0 ? draw(w, 128) : FAX_ALL_ACCESS,
      .user = draw(w, 3) == 0 ? "somebody" : NULL};
  HANDLE handle;
  if (!FaxConnect(&connect, &handle)) return;
  FaxClose(atomic_exchange(&stage.servers[draw(w, SLOTS)], handle));
}

static void connect_whole(struct worker *w) {
  HANDLE handle;
  if (!FaxConnectFaxServer(draw(w, 4) == 0 ? "else" : NULL, &handle)) return;
  FaxClose(w->server);
  w->server = handle;
}

static void check_access(struct worker *w) {
  FaxAccessCheck(any_server(w), draw(w, 200));
}

/* ---- ports ---- */

static void list_ports(struct worker *w) {
  PFAX_PORT_INFO ports;
  DWORD count;
  if (FaxEnumPorts(any_server(w), &ports, &count)) FaxFreeBuffer(ports);
}

static void open_port(struct worker *w) {
  HANDLE handle;
  if (FaxOpenPort(any_server(w), any_device(w), 1 + draw(w, 3), &handle))
    FaxClose(atomic_exchange(&stage.ports[draw(w, SLOTS)], handle));
}

static void close_port(struct worker *w) {
  FaxClose(atomic_exchange(&stage.ports[draw(w, SLOTS)], NULL));
}

static void read_port(struct worker *w) {
  PFAX_PORT_INFO port;
  if (FaxGetPort(any_port(w), &port)) FaxFreeBuffer(port);
}

static void set_port(struct worker *w) {
  HANDLE handle = any_port(w);
  PFAX_PORT_INFO port;
  if (!FaxGetPort(handle, &port)) return;
  port->Priority = 1 + draw(w, 5);
  port->Flags = draw(w, 8) == 0 ? FPF_SEND : FPF_SEND | FPF_RECEIVE;
  port->Tsid = "hammer";
  FaxSetPort(handle, port);
  FaxFreeBuffer(port);
}

static void read_status(struct worker *w) {
  PFAX_DEVICE_STATUS status;
  if (FaxGetDeviceStatus(any_port(w), &status)) FaxFreeBuffer(status);
}

/* ---- jobs ---- */

static void submit(struct worker *w) {
  FAX_JOB_PARAM params;
  struct fax_submission s = {
      .size = sizeof s,
      .document = atomic_load(&stage.documents[draw(w, SLOTS)]),
      .params = &params,
      .retries = draw(w, 3),
      .ecm = FAX_UNKNOWN,
      .device_id = draw(w, 6) == 0 ? any_device(w) : 0};
  DWORD id;
  fill(w, &params);
  if (s.document != NULL && FaxSubmit(any_server(w), &s, &id)) note(id);
}

static void send(struct worker *w) {
  FAX_JOB_PARAM params;
  DWORD id;
  if (draw(w, 4) != 0) return; /* each is synced to the disk */
  fill(w, &params);
  if (FaxSendDocument(any_server(w), stage.document, &params, NULL, &id))
    note(id);
}

static void prepare(struct worker *w) {
  const char *file = stage.document;
  struct fax_document d = {.size = sizeof d, .files = &file, .file_count = 1};
  HANDLE handle;
  if (FaxPrepareDocument(w->server, &d, &handle))
    FaxClose(atomic_exchange(&stage.documents[draw(w, SLOTS)], handle));
}

static BOOL CALLBACK recipient(HANDLE server, DWORD number, LPVOID context,
                               PFAX_JOB_PARAM params,
                               PFAX_COVERPAGE_INFO cover) {
  (void)server, (void)cover;
  if (number > 3) return FALSE;
  fill(context, params);
  return TRUE;
}

static void broadcast(struct worker *w) {
  DWORD id;
  if (draw(w, 4) != 0) return;
  if (FaxSendDocumentForBroadcast(any_server(w), stage.document, &id, recipient,
                                  w))
    note(id);
}

static void list_jobs(struct worker *w) {
  struct fax_job_query query = {.size = sizeof query,
                                .with = draw(w, 2) * JS_PAUSED,
                                .limit = 1 + draw(w, 100),
                                .newest_first = draw(w, 2) == 0,
                                .cursor = draw(w, 1000)};
  PFAX_JOB_ENTRY jobs;
  DWORD count;
  if (FaxEnumQueue(any_server(w), &query, &jobs, &count)) FaxFreeBuffer(jobs);
  if (!FaxEnumJobs(any_server(w), &jobs, &count)) return;
  for (DWORD i = 0; i + 300 < count; i++) FaxAbort(w->server, jobs[i].JobId);
  FaxFreeBuffer(jobs);
}

static void read_job(struct worker *w) {
  PFAX_JOB_ENTRY job;
  if (FaxGetJob(any_server(w), any_job(w), &job)) FaxFreeBuffer(job);
}

static void set_job(struct worker *w) {
  FaxSetJob(any_server(w), any_job(w), draw(w, 5), NULL);
}

static void abort_job(struct worker *w) {
  FaxAbort(any_server(w), any_job(w));
}

static void read_page(struct worker *w) {
  LPBYTE data;
  DWORD size, width, height;
  if (FaxGetPageData(any_server(w), any_job(w), &data, &size, &width, &height))
    FaxFreeBuffer(data);
}

static void read_result(struct worker *w) {
  struct fax_job_result *result;
  if (FaxGetJobResult(any_server(w), any_job(w), &result))
    FaxFreeBuffer(result);
}

static void complete_params(struct worker *w) {
  PFAX_JOB_PARAM params;
  PFAX_COVERPAGE_INFO cover;
  (void)w;
  if (!FaxCompleteJobParams(&params, &cover)) return;
  FaxFreeBuffer(params);
  FaxFreeBuffer(cover);
}

/* ---- events ---- */

static void drain(struct worker *w) {
  struct fax_packet packets[32];
  DWORD count;
  fax_deadline until = FaxClockNow() + draw(w, 3) * FAX_MILLISECOND;
  while (FaxGetCompletions(w->events, packets, COUNT(packets), &count, until))
    for (DWORD i = 0; i < count; i++) FaxLocalFree(packets[i].packet);
}

static void subscribe(struct worker *w) {
  DWORD id;
  if (draw(w, 3) == 0)
    FaxInitializeEventQueue(any_server(w), w->events, 1, NULL, 0);
  else if (FaxSubscribe(any_server(w), w->events, 2, &id) && draw(w, 2) == 0)
    FaxUnsubscribe(id);
}

/* Subscriptions go with their port. */
static void new_events(struct worker *w) {
  HANDLE made = FaxCreateCompletionPort();
  if (made == NULL) return;
  drain(w);
  FaxCloseCompletionPort(w->events);
  w->events = made;
}

/* ---- configuration and routing ---- */

static void configure(struct worker *w) {
  PFAX_CONFIGURATION config;
  HANDLE server = any_server(w);
  if (!FaxGetConfiguration(server, &config)) return;
  config->PauseServerQueue = draw(w, 10) == 0;
  config->Branding = draw(w, 2) == 0;
  config->Retries = draw(w, 4);
  config->StopCheapTime.Hour = (WORD)draw(w, 24);
  config->ArchiveOutgoingFaxes = draw(w, 10) == 0;
  config->ArchiveDirectory = stage.directory;
  FaxSetConfiguration(server, config);
  FaxFreeBuffer(config);
}

static void configure_log(struct worker *w) {
  PFAX_LOG_CATEGORY categories;
  DWORD count;
  HANDLE server = any_server(w);
  if (!FaxGetLoggingCategories(server, &categories, &count)) return;
  categories[draw(w, count)].Level = draw(w, 4);
  FaxSetLoggingCategories(server, categories, count);
  FaxFreeBuffer(categories);
}

static void route(struct worker *w) {
  HANDLE port = any_port(w);
  PFAX_ROUTING_METHOD methods;
  DWORD count, size;
  LPBYTE data;
  if (FaxEnumRoutingMethods(port, &methods, &count)) FaxFreeBuffer(methods);
  if (FaxGetRoutingInfo(port, FOLDER, &data, &size)) FaxFreeBuffer(data);
  FaxSetRoutingInfo(port, FOLDER, (const BYTE *)stage.directory,
                    (DWORD)strlen(stage.directory) + 1);
  FaxEnableRoutingMethod(port, FOLDER, draw(w, 2) == 0);
}

static void route_globally(struct worker *w) {
  PFAX_GLOBAL_ROUTING_INFO methods;
  DWORD count;
  HANDLE server = any_server(w);
  if (!FaxEnumGlobalRoutingInfo(server, &methods, &count)) return;
  methods->Priority = 1 + draw(w, 3);
  FaxSetGlobalRoutingInfo(server, methods);
  FaxFreeBuffer(methods);
}

static void list_inbox(struct worker *w) {
  struct fax_received *faxes;
  DWORD count;
  FILETIME all = {0, 0};
  if (draw(w, 20) != 0) return;
  if (FaxEnumInbox(any_server(w), all, &faxes, &count)) FaxFreeBuffer(faxes);
}

static void use_archive(struct worker *w) {
  struct fax_archive_query query = {.size = sizeof query,
                                    .folder = draw(w, 3),
                                    .limit = 1 + draw(w, 20),
                                    .newest_first = draw(w, 2) == 0};
  struct fax_archive_purge purge = {.size = sizeof purge,
                                    .keep_bytes = draw(w, 1000) * 1000};
  struct fax_archived *faxes, *one;
  DWORD count, removed;
  HANDLE server = any_server(w);
  if (draw(w, 10) != 0) return;
  if (!FaxEnumArchive(server, &query, &faxes, &count)) return;
  if (count != 0 && FaxGetArchived(server, faxes->id, &one)) FaxFreeBuffer(one);
  if (count != 0 && draw(w, 2) == 0)
    FaxRemoveArchived(server, &faxes->id, 1, &removed);
  FaxFreeBuffer(faxes);
  if (draw(w, 5) == 0) FaxPurgeArchive(server, &purge, &removed);
}

/* ---- providers ---- */

/* Another exchange, which is called and torn down under its calls. */
static void load_provider(struct worker *w) {
  static const char *const options[] = {"lines=2", "prefix=51", "numbers=501",
                                        NULL};
  struct fax_load load = {
      .size = sizeof load,
      .provider = {.name = "second", .path = stage.second, .options = options}};
  HANDLE handle;
  if (draw(w, 4) != 0) return;
  if (draw(w, 2) == 0) load.port = w->events;
  if (FaxLoadProvider(any_server(w), &load, &handle))
    FaxClose(atomic_exchange(&stage.provider, handle));
}

static void unload_provider(struct worker *w) {
  if (draw(w, 4) == 0) FaxClose(atomic_exchange(&stage.provider, NULL));
}

static void ask_provider(struct worker *w) {
  HANDLE handle = atomic_load(&stage.provider);
  DWORD ids[2];
  (void)w;
  if (FaxProviderDeviceCount(handle) == 2) FaxProviderDevices(handle, ids, 2);
  FaxRingDevice(handle, 51, 9, "hammer");
}

/* Each is synced to the disk. */
static void register_provider(struct worker *w) {
  if (draw(w, 8) != 0) return;
  if (draw(w, 2) == 0)
    FaxRegisterServiceProvider("third", "hammer", stage.third, "");
  else
    FaxUnregisterServiceProvider("third");
}

static BOOL CALLBACK install(HANDLE server, LPVOID context, LPTSTR name,
                             LPTSTR friendly, LPTSTR function, LPTSTR guid) {
  (void)server, (void)context, (void)name, (void)friendly, (void)function;
  (void)guid;
  return FALSE;
}

static void not_there(struct worker *w) {
  FAX_PRINT_INFO print = {.SizeOfStruct = sizeof print, .RecipientNumber = "1"};
  FAX_CONTEXT_INFO context = {.SizeOfStruct = sizeof context};
  FAX_COVERPAGE_INFO cover = {.SizeOfStruct = sizeof cover};
  DWORD id;
  FaxStartPrintJob(NULL, &print, &id, &context);
  FaxPrintCoverPage(&context, &cover);
  FaxRegisterRoutingExtension(any_server(w), "none", "hammer", stage.document,
                              install, w);
  FaxUnregisterRoutingExtension(any_server(w), "none");
  FaxRegisterServiceProvider("hammer", "hammer", "no such file", "");
  FaxUnregisterServiceProvider("hammer");
}

static const struct {
  const char *name;
  void (*call)(struct worker *w);
} calls[] = {{"connect", connect_again},
             {"connect whole", connect_whole},
             {"check access", check_access},
             {"list ports", list_ports},
             {"open port", open_port},
             {"close port", close_port},
             {"read port", read_port},
             {"set port", set_port},
             {"read status", read_status},
             {"submit", submit},
             {"submit", submit},
             {"submit", submit},
             {"send", send},
             {"prepare", prepare},
             {"broadcast", broadcast},
             {"list jobs", list_jobs},
             {"read job", read_job},
             {"set job", set_job},
             {"set job", set_job},
             {"abort", abort_job},
             {"abort", abort_job},
             {"read page", read_page},
             {"read result", read_result},
             {"complete parameters", complete_params},
             {"subscribe", subscribe},
             {"drain", drain},
             {"drain", drain},
             {"new events", new_events},
             {"configure", configure},
             {"configure log", configure_log},
             {"route", route},
             {"route globally", route_globally},
             {"list inbox", list_inbox},
             {"use archive", use_archive},
             {"load provider", load_provider},
             {"load provider", load_provider},
             {"unload provider", unload_provider},
             {"ask provider", ask_provider},
             {"register provider", register_provider},
             {"reload", reload_any},
             {"not there", not_there}};

void call_any(struct worker *w) {
  unsigned n = draw(w, COUNT(calls));
  announce(w, calls[n].name);
  calls[n].call(w);
}
