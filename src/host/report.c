/* SPDX-License-Identifier: MIT
   What a host tells of its calls and its lines. */
#include "base/error.h"
#include "base/log.h"
#include "host/own.h"
#include "model/record.h"

/* What is said of one that is over here already is no news: NULL. With the
   reference of the call, unless it is taken. */
static struct host_call *call_of(struct host *h, const json_t *params,
                                 bool take, struct fax_op **op_out) {
  json_int_t id;
  if (!message_number(params, "call", INT64_MAX, 0, &id)) return NULL;
  pthread_mutex_lock(&h->hosts->lock);
  struct host_call *call = host_call_find(h, id);
  if (call != NULL) {
    if (take) host_call_take(h, call);
    *op_out = fax_op_ref(call->op);
  }
  pthread_mutex_unlock(&h->hosts->lock);
  return call;
}

static DWORD read_progress(const json_t *params, struct fax_progress *out,
                           struct arena *arena) {
  const json_t *said = json_object_get(params, "progress");
  *out = (struct fax_progress)FAX_PROGRESS_INIT;
  if (said == NULL) return ERROR_SUCCESS;
  return record_from_json(&record_progress, said, out, arena);
}

DWORD host_hear_status(struct host *h, const json_t *params, bool of_end) {
  struct arena arena = {.limit = MESSAGE_LENGTH};
  struct fax_progress progress;
  struct fax_op *op;
  json_int_t status;
  if (!message_number(params, "status", UINT32_MAX, -1, &status) || status < 0)
    return host_nonsense("a status without a number");
  DWORD code = read_progress(params, &progress, &arena);
  struct host_call *call =
      code == ERROR_SUCCESS ? call_of(h, params, of_end, &op) : NULL;
  if (call != NULL && of_end) host_call_end(call, (DWORD)status, &progress);
  if (call != NULL && !of_end) fax_op_status(op, (DWORD)status, &progress);
  if (call != NULL) fax_op_unref(op);
  arena_free(&arena);
  return code;
}

DWORD host_hear_caller(struct host *h, const json_t *params) {
  struct fax_op *op;
  if (call_of(h, params, false, &op) == NULL) return ERROR_SUCCESS;
  fax_op_caller(op, message_text(params, "caller_id"),
                message_text(params, "routing"));
  fax_op_unref(op);
  return ERROR_SUCCESS;
}

DWORD host_hear_commit(struct host *h, const json_t *params) {
  struct fax_op *op;
  json_int_t page;
  if (!message_number(params, "page", UINT32_MAX, -1, &page) || page < 0)
    return host_nonsense("a commit without a page");
  if (call_of(h, params, false, &op) == NULL) return ERROR_SUCCESS;
  DWORD error = op_commit(op, (DWORD)page);
  if (error != ERROR_SUCCESS) op_committed(op, (DWORD)page, error);
  fax_op_unref(op);
  return ERROR_SUCCESS;
}

DWORD host_hear_ring(struct host *h, const json_t *params) {
  json_int_t device, rings;
  struct hosts *hosts = h->hosts;
  if (!message_number(params, "device", UINT32_MAX, 0, &device) ||
      !message_number(params, "rings", UINT32_MAX, 0, &rings))
    return host_nonsense("a ring without a device");
  for (DWORD i = h->first; i < h->first + h->count; i++) {
    if (hosts->devices[i].device_id != device) continue;
    fax_provider_ring(hosts->provider, (DWORD)device, (DWORD)rings,
                      message_text(params, "caller_id"));
    return ERROR_SUCCESS;
  }
  log_line(LOG_OTHER, FAX_LOG_WARN, "host",
           "%s: ring of device %u ignored: it belongs to another host",
           hosts->name, (unsigned)device);
  return ERROR_SUCCESS;
}
