/* SPDX-License-Identifier: MIT
   A provider of this process that is attached to a service in another: here it
   is a provider like any other, whose service is what the channel says. */
#include <fax/fax_clock.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/mem.h"
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
static void stop(struct attached *a) {
  wait_for_ops(a);
  if (!a->channel.unwanted) provider_stop(a->provider, FaxClockNow());
}

/* ---- what the service wants ---- */

static DWORD obey(struct attached *a, const struct call_told *told) {
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
      stop(a);
      return ERROR_ABANDONED_WAIT_0;
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
  if (error == ERROR_SUCCESS) error = obey(a, &told);
  arena_free(&arena);
  return error;
}

/* Its operations are over for the service; here they are to be ended. */
static void lost(struct channel *c) {
  struct attached *a = (struct attached *)c;
  attached_op_abort_all(a);
  stop(a);
}

static void destroy(struct channel *c) {
  struct attached *a = (struct attached *)c;
  mem_unref(a->provider);
  mem_free(a->ids);
  pthread_cond_destroy(&a->gone);
  pthread_mutex_destroy(&a->lock);
}

static const struct remote_channel_kind kind = {heard, lost, destroy};

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

static DWORD read_given(struct attached *a, const struct fax_attach *attach,
                        const json_t *result) {
  struct arena arena = {0};
  struct attach_given given;
  DWORD error = record_from_json(&attach_given_record, result, &given, &arena);
  if (error == ERROR_SUCCESS && given.device_count != attach->device_count)
    error = error_say(RPC_S_CALL_FAILED, "the server broke the protocol");
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
  json_t *result = NULL;
  DWORD error =
      remote_channel_ask(&a->channel, h, "provider.attach",
                         record_to_json(&attach_record, attach), &result);
  if (error == ERROR_SUCCESS) error = read_given(a, attach, result);
  if (error == ERROR_SUCCESS) error = make_local(a, attach);
  json_decref(result);
  return error;
}

static DWORD check(const struct fax_attach *attach) {
  if (attach->size != sizeof *attach)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_attach has the wrong size");
  if (attach->devices == NULL || attach->device_count == 0)
    return error_say(ERROR_INVALID_PARAMETER, "a provider has devices");
  return ERROR_SUCCESS;
}

DWORD remote_attach(struct remote_handle *h, const struct fax_attach *attach,
                    HANDLE *handle_out) {
  struct channel *c = NULL;
  DWORD error = check(attach);
  if (error == ERROR_SUCCESS)
    error =
        remote_channel_new(sizeof(struct attached), &kind, attach->port, &c);
  if (error != ERROR_SUCCESS) return error;
  struct attached *a = (struct attached *)c;
  pthread_mutex_init(&a->lock, NULL);
  pthread_cond_init(&a->gone, NULL);
  list_init(&a->ops);
  error = attach_there(a, h, attach);
  if (error == ERROR_SUCCESS)
    error = handle_open((enum handle_kind)(HANDLE_PROVIDER | HANDLE_REMOTE), c,
                        NULL, handle_out);
  if (error == ERROR_SUCCESS) {
    error = remote_channel_begin(c);
    if (error != ERROR_SUCCESS)
      mem_unref(handle_close(
          *handle_out, (enum handle_kind)(HANDLE_PROVIDER | HANDLE_REMOTE)));
  }
  mem_unref(c);
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

void attached_closed(struct attached *a) {
  remote_channel_say(&a->channel, "provider.detach",
                     json_pack("{s:I}", "provider", (json_int_t)a->number), -1);
}
