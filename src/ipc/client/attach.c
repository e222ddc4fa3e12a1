/* SPDX-License-Identifier: MIT
   A provider of this process that is attached to a service in another: here it
   is a provider like any other, whose service is what the channel says. */
#include <fax/fax_clock.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "ipc/client/attached.h"

/* ---- what the provider says ---- */

static void say_ring(void *arg, const struct fax_provider *p, DWORD device_id,
                     DWORD rings, const char *caller_id) {
  struct attached *a = arg;
  struct ring_said said = {a->number, device_id, rings, caller_id};
  (void)p;
  remote_channel_say(&a->channel, "provider.ring",
                     record_to_json(&ring_said_record, &said), -1);
}

static const struct provider_events events = {.status = attached_op_status,
                                              .caller = attached_op_caller,
                                              .ended = attached_op_ended,
                                              .released = attached_op_released,
                                              .ring = say_ring,
                                              .commit = attached_op_commit};

/* ---- the end ---- */

/* The last operation has ended here too, or nobody listens any more; that is
   looked at now and then, on the machine's clock. */
static void wait_for_ops(struct attached *a) {
  pthread_mutex_lock(&a->lock);
  while (!list_empty(&a->ops) && !a->channel.unwanted) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&a->gone, &a->lock, &until);
  }
  pthread_mutex_unlock(&a->lock);
}

/* The last packet. */
static void stop(struct attached *a, DWORD error) {
  remote_channel_over(&a->channel);
  if (a->provider == NULL) {
    provider_notice_post(&a->notice, error);
    return;
  }
  wait_for_ops(a);
  if (!a->channel.unwanted) provider_stop(a->provider, FaxClockNow());
}

/* ---- what the service wants ---- */

static void say_alive(void *attached) {
  struct attached *a = attached;
  struct alive_said said = {a->number};
  remote_channel_say(&a->channel, "provider.alive",
                     record_to_json(&alive_said_record, &said), -1);
}

static DWORD obey(struct attached *a, const struct call_told *told) {
  /* Of one that is loaded there is no more to say than its end. */
  if (a->provider == NULL && told->kind != FAX_CALL_STOP) return ERROR_SUCCESS;
  switch (told->kind) {
    case FAX_CALL_START:
      return attached_op_start(a, told);
    case FAX_CALL_ABORT:
      attached_op_abort(a, told->op);
      return ERROR_SUCCESS;
    case FAX_CALL_COMMITTED:
      attached_op_committed(a, told);
      return ERROR_SUCCESS;
    case FAX_CALL_ENABLE:
      provider_enable(a->provider, told->device_id, told->receive, told->send);
      return ERROR_SUCCESS;
    case FAX_CALL_STOP:
      stop(a, told->error);
      return ERROR_ABANDONED_WAIT_0;
    case FAX_CALL_TICK: /* unanswered it counts as not taken */
      provider_tick(a->provider, say_alive, a);
      return ERROR_SUCCESS;
    default:
      return ERROR_SUCCESS;
  }
}

static DWORD heard(struct channel *c, const char *method,
                   const json_t *params) {
  struct attached *a = (struct attached *)c;
  struct arena arena = {0};
  struct call_told told;
  if (strcmp(method, "provider.call") != 0) return ERROR_SUCCESS;
  DWORD error = record_from_json(&call_told_record, params, &told, &arena);
  bool acknowledge = error == ERROR_SUCCESS && told.acknowledge;
  if (error == ERROR_SUCCESS) error = obey(a, &told);
  if (acknowledge) {
    DWORD acknowledged = remote_channel_acknowledge(c, a->number);
    if (error == ERROR_SUCCESS) error = acknowledged;
  }
  arena_free(&arena);
  return error;
}

/* Its operations are over for the service; here they are to be ended. */
static void lost(struct channel *c) {
  struct attached *a = (struct attached *)c;
  attached_op_abort_all(a);
  stop(a, ERROR_SUCCESS);
}

static void destroy(struct channel *c) {
  struct attached *a = (struct attached *)c;
  provider_notice_clear(&a->notice);
  mem_unref(a->provider);
  mem_free(a->ids);
  pthread_cond_destroy(&a->gone);
  pthread_mutex_destroy(&a->lock);
}

static void detach(struct attached *a, BOOL lost) {
  struct detach_said said = {a->number, lost};
  remote_channel_exchange(&a->channel, "provider.detach",
                          record_to_json(&detach_said_record, &said), -1,
                          FAREWELL);
}

/* Nobody takes its calls any more. */
static void leave(struct channel *c) {
  detach((struct attached *)c, TRUE);
}

static const struct remote_channel_kind kind = {heard, lost, leave, destroy};

/* ---- coming ---- */

static DWORD make_local(struct attached *a, const struct fax_attach *attach) {
  struct provider_device *devices =
      mem_alloc(attach->device_count * sizeof *devices);
  if (devices == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < attach->device_count; i++)
    devices[i] = (struct provider_device){.device_id = a->ids[i],
                                          .name = attach->devices[i].name,
                                          .lacks = attach->lacks};
  DWORD error = provider_attach(attach, a->channel.port, devices, &events, a,
                                &a->provider);
  mem_free(devices);
  return error;
}

DWORD attached_read(struct attached *a, const json_t *result) {
  struct arena arena = {0};
  struct attach_given given;
  DWORD error = record_from_json(&attach_given_record, result, &given, &arena);
  if (error == ERROR_SUCCESS) {
    a->number = given.provider;
    a->count = given.device_count;
    a->ids = mem_alloc(given.device_count * sizeof *a->ids);
    if (a->ids == NULL)
      error = ERROR_NOT_ENOUGH_MEMORY;
    else
      memcpy(a->ids, given.devices, given.device_count * sizeof *a->ids);
  }
  arena_free(&arena);
  return error;
}

static DWORD attach_there(struct attached *a, const struct remote_handle *h,
                          const struct fax_attach *attach) {
  struct attach_asked asked = {*attach, TRUE, TRUE};
  json_t *result = NULL;
  DWORD error =
      remote_channel_ask(&a->channel, h, "provider.attach",
                         record_to_json(&attach_record, &asked), &result);
  if (error == ERROR_SUCCESS) error = attached_read(a, result);
  if (error == ERROR_SUCCESS && a->count != attach->device_count)
    error = error_say(RPC_S_CALL_FAILED, "the server broke the protocol");
  if (error == ERROR_SUCCESS) error = make_local(a, attach);
  json_decref(result);
  return error;
}

DWORD attached_text(const char *text, const char *what) {
  if (text == NULL || text_is_utf8(text)) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is not UTF-8", what);
}

static DWORD check_names(const struct fax_attach *attach) {
  DWORD error = attached_text(attach->name, "the provider's name");
  for (DWORD i = 0; error == ERROR_SUCCESS && i < attach->device_count; i++) {
    error = attached_text(attach->devices[i].name, "the name of a device");
    if (error == ERROR_SUCCESS)
      error = attached_text(attach->devices[i].csid, "the csid of a device");
  }
  return error;
}

static DWORD check(const struct fax_attach *attach) {
  if (attach->size != sizeof *attach)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_attach has the wrong size");
  if (attach->devices == NULL || attach->device_count == 0)
    return error_say(ERROR_INVALID_PARAMETER, "a provider has devices");
  if (attach->port == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  return check_names(attach);
}

DWORD attached_new(HANDLE port, struct attached **attached_out) {
  struct channel *c;
  DWORD error = remote_channel_new(sizeof(struct attached), &kind, port, &c);
  if (error != ERROR_SUCCESS) return error;
  struct attached *a = (struct attached *)c;
  pthread_mutex_init(&a->lock, NULL);
  pthread_cond_init(&a->gone, NULL);
  list_init(&a->ops);
  *attached_out = a;
  return ERROR_SUCCESS;
}

DWORD attached_open(struct attached *a, HANDLE *handle_out) {
  enum handle_kind there = (enum handle_kind)(HANDLE_PROVIDER | HANDLE_REMOTE);
  DWORD error = handle_open(there, a, NULL, handle_out);
  if (error != ERROR_SUCCESS) return error;
  error = remote_channel_begin(&a->channel);
  if (error != ERROR_SUCCESS) mem_unref(handle_close(*handle_out, there));
  return error;
}

DWORD remote_attach(struct remote_handle *h, const struct fax_attach *attach,
                    HANDLE *handle_out) {
  struct attached *a = NULL;
  DWORD error = check(attach);
  if (error == ERROR_SUCCESS) error = attached_new(attach->port, &a);
  if (error == ERROR_SUCCESS) error = attach_there(a, h, attach);
  if (error == ERROR_SUCCESS) error = attached_open(a, handle_out);
  mem_unref(a);
  return error;
}

/* ---- of one that is there ---- */

DWORD attached_devices(const struct attached *a, const DWORD **ids_out) {
  *ids_out = a->ids;
  return a->count;
}

DWORD attached_ring(struct attached *a, DWORD device_id, DWORD rings,
                    const char *caller_id) {
  for (DWORD i = 0; i < a->count; i++) {
    if (a->ids[i] != device_id) continue;
    say_ring(a, NULL, device_id, rings, caller_id);
    return ERROR_SUCCESS;
  }
  return error_say(ERROR_BAD_UNIT, "the provider has no device %u", device_id);
}

static bool is_one(const struct channel *c, const void *arg) {
  return c == arg;
}

/* When this returns nothing new comes to its lines. Its end is heard, when
   somebody wants to know. */
void attached_closed(struct attached *a) {
  detach(a, FALSE);
  if (a->channel.port == NULL) remote_channel_end(is_one, &a->channel);
}
