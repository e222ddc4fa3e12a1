/* SPDX-License-Identifier: MIT
   What a broken host might say: messages of the protocol, right and spoilt, to
   the reader of the service. A round is one process: it says some hundred
   things, until it is over. The service must live, and each call must end
   exactly once. */
#ifndef FAX_SPEC_FUZZ_HOST_H
#define FAX_SPEC_FUZZ_HOST_H

#include <fax/faxdev.h>

#include "fuzz.h"
#include "host/own.h"

#define HOST_LINES 4
#define HOST_ROOM 4096

struct host_fuzz {
  struct fax_provider *provider;
  struct host *host;
  uint64_t begun, ended, released;
};

/* ---- the service ---- */

static inline void host_fuzz_status(void *arg, DWORD status,
                                    const struct fax_progress *p) {
  (void)arg, (void)status;
  if (p != NULL && p->evidence != NULL && strlen(p->evidence) > MESSAGE_LENGTH)
    abort();
}

static inline void host_fuzz_caller(void *arg, const char *id,
                                    const char *routing) {
  (void)arg, (void)id, (void)routing;
}

static inline void host_fuzz_ended(void *arg, DWORD status,
                                   const struct fax_progress *p) {
  struct host_fuzz *h = arg;
  (void)status, (void)p;
  h->ended++;
}

static inline void host_fuzz_released(void *arg) {
  struct host_fuzz *h = arg;
  h->released++;
}

static inline void host_fuzz_ring(void *arg, const struct fax_provider *p,
                                  DWORD device, DWORD rings, const char *id) {
  (void)arg, (void)p, (void)rings, (void)id;
  if (device == 0 || device > 2) abort(); /* those of the first host */
}

static const struct provider_events host_fuzz_events = {
    host_fuzz_status,   host_fuzz_caller, host_fuzz_ended,
    host_fuzz_released, host_fuzz_ring,   NULL};

static inline struct hosts *host_fuzz_hosts(void) {
  static const struct host_limits limits = HOST_LIMITS;
  struct fax_provider_config config = {.name = "fuzz", .isolate = 2};
  struct hosts *hosts;
  if (hosts_new(&config, "/fuzz.so", &limits, &hosts) != 0 ||
      hosts_make_first(hosts) != 0)
    abort();
  return hosts;
}

static inline void host_fuzz_open(struct host_fuzz *h) {
  static const struct provider_device devices[HOST_LINES] = {
      {.device_id = 1, .name = "l1"},
      {.device_id = 2, .name = "l2"},
      {.device_id = 3, .name = "l3"},
      {.device_id = 4, .name = "l4"}};
  struct hosts *hosts = host_fuzz_hosts();
  *h = (struct host_fuzz){.host = hosts->list[0]};
  hosts->devices = mem_alloc(sizeof devices);
  hosts->device_count = HOST_LINES;
  for (int i = 0; i < HOST_LINES; i++)
    hosts->devices[i] = (struct provider_device){
        .device_id = devices[i].device_id, .name = mem_text(devices[i].name)};
  if (hosts_make_rest(hosts) != 0 ||
      provider_new("fuzz", &hosts_ops, hosts, devices, HOST_LINES,
                   &host_fuzz_events, h, &h->provider) != 0)
    abort();
  provider_keep(h->provider, hosts);
  hosts->provider = h->provider;
}

/* ---- what is said ---- */

static inline size_t host_fuzz_line(struct fuzz *f, char *line) {
  static const char *const methods[] = {
      "\"status\",\"params\":{\"call\":%u,\"status\":536870914,\"progress\":"
      "{\"page\":2,\"pages_confirmed\":1,\"encoding\":\"MMR\",\"ecm\":true,"
      "\"remote_id\":\"+1\",\"timeline\":[{\"moment\":1,\"sent\":true,"
      "\"frame\":\"DIS\",\"details\":\"x\"}]}}",
      "\"ended\",\"params\":{\"call\":%u,\"status\":536870920,\"progress\":"
      "{\"cause\":\"c\",\"evidence\":\"e\",\"advice\":\"a\",\"rate\":14400}}",
      "\"caller\",\"params\":{\"call\":%u,\"caller_id\":\"1\"}",
      "\"ring\",\"params\":{\"device\":%u,\"rings\":3,\"caller_id\":\"1\"}",
      "\"beat\",\"params\":{\"alive\":[1,2,%u],\"stuck\":[]}",
      "\"beat\",\"params\":{\"alive\":[],\"stuck\":[%u]}",
      "\"idle\",\"params\":{\"seen\":%u,\"until\":12345}",
      "\"log\",\"params\":{\"category\":4,\"level\":%u,\"text\":\"x: y\"}",
      "\"hello\",\"params\":{\"version\":\"" FAX_VERSION
      "\",\"devices\":[{\"id\":%u,\"name\":\"l1\"},{\"id\":2,\"name\":\"l2\"},"
      "{\"id\":3,\"name\":\"l3\"},{\"id\":4,\"name\":\"l4\"}]}",
      "\"failed\",\"params\":{\"code\":%u,\"message\":\"no\"}",
      "\"stopped\",\"params\":{\"gone\":true,\"x\":%u}"};
  char form[512];
  uint32_t n = sizeof methods / sizeof *methods;
  uint32_t which = fuzz_below(f, fuzz_one_in(f, 8) ? n : n - 3);
  snprintf(form, sizeof form, "{\"method\":%s}\n", methods[which]);
  uint32_t number = fuzz_one_in(f, 20) ? fuzz_draw(f) : fuzz_below(f, 8);
  if (which == 8 && !fuzz_one_in(f, 4)) number = 1;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return (size_t)snprintf(line, HOST_ROOM, form, number);
#pragma GCC diagnostic pop
}

/* In pieces, each in a block of its own size. */
static inline void host_fuzz_say(struct fuzz *f, struct host *h,
                                 const char *line, size_t len) {
  while (len > 0) {
    size_t n = fuzz_one_in(f, 3) ? 1 + fuzz_below(f, (uint32_t)len) : len;
    char *piece = malloc(n);
    memcpy(piece, line, n);
    host_hear(h, piece, n);
    free(piece);
    line += n;
    len -= n;
  }
  f->runs++;
}

static inline void host_fuzz_talk(struct fuzz *f, struct host *h) {
  char line[HOST_ROOM];
  uint32_t every = 1 + fuzz_below(f, 40);
  for (int i = 0; i < 300 && h->end.cause == NULL; i++) {
    size_t len = host_fuzz_line(f, line);
    if (fuzz_one_in(f, every))
      len = fuzz_spoil(f, (uint8_t *)line, len, sizeof line);
    host_fuzz_say(f, h, line, len);
  }
}

/* ---- a round ---- */

static inline void host_fuzz_call(struct fuzz *f, struct host_fuzz *h) {
  struct op_order order = {
      .kind = FAX_OP_SEND,
      .file = "/page.tif",
      .told = {.size = sizeof order.told, .device_id = 1 + fuzz_below(f, 2)}};
  struct fax_op *op;
  if (op_new(&order, h, &op) != 0 || op_start(h->provider, op) != 0) abort();
  h->begun++;
  if (fuzz_one_in(f, 4)) op_abort(op);
  fax_op_unref(op);
}

/* The devices that the first process announces. */
static inline void host_fuzz_first(struct fuzz *f) {
  struct hosts *hosts = host_fuzz_hosts();
  hosts->stopping = true; /* so that nobody waits for a provider */
  hosts->list[0]->state = HOST_LOADING;
  host_fuzz_talk(f, hosts->list[0]);
  mem_unref(hosts);
}

static inline void host_fuzz_round(struct fuzz *f, void *arg) {
  struct host_fuzz *h = arg;
  struct hosts *hosts = h->host->hosts;
  if (fuzz_one_in(f, 10)) {
    host_fuzz_first(f);
    return;
  }
  hosts->last_call = 0;
  h->host->state = fuzz_one_in(f, 4) ? HOST_LOADING : HOST_READY;
  for (uint32_t n = fuzz_below(f, 6); n > 0; n--) host_fuzz_call(f, h);
  host_fuzz_talk(f, h->host);
  host_over(h->host, "fuzz", "is over");
  host_bury(h->host, HOST_READY);
  h->host->end = (struct host_end){0};
  h->host->leaving = false;
  fuzz_require(f, h->begun == h->ended, "a call did not end once");
  fuzz_require(f, h->begun == h->released, "a call was not released once");
}

static inline void host_fuzz_close(struct host_fuzz *h) {
  mem_unref(h->provider);
}

#endif
