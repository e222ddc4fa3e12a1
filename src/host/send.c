/* SPDX-License-Identifier: MIT
   Messages to a host: queued under the lock, written as far as that does not
   block. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "host/own.h"
#include "model/record.h"

enum { MOST_QUEUED = 4 << 20 }; /* bytes that a host may leave unread */

void host_wake(struct host *h) {
  uint64_t one = 1;
  if (h->woken) return;
  h->woken = true;
  while (write(h->wake, &one, sizeof one) < 0 && errno == EINTR) continue;
}

bool host_flush(struct host *h) {
  struct message_out *out = &h->out;
  while (out->sent < out->length) {
    ssize_t n = send(h->fd, out->bytes + out->sent, out->length - out->sent,
                     MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN;
    message_sent(out, (size_t)n);
  }
  return true;
}

/* Each counts, and the process says how far it has come before it is idle: so
   no time passes while one is on its way. */
DWORD host_send(struct host *h, const char *method, json_t *params) {
  if (h->state == HOST_RESTING || h->state == HOST_ENDED) { /* no process */
    json_decref(params);
    return ERROR_BUSY;
  }
  if (clock_is_virtual())
    json_object_set_new(params, "now", json_integer(clock_now()));
  if (h->out.length - h->out.sent > MOST_QUEUED) {
    json_decref(params);
    return error_say(ERROR_BUSY, "its host does not read");
  }
  DWORD code = message_put(&h->out, method, params);
  if (code != ERROR_SUCCESS) return code;
  h->sent++;
  clock_guest_busy(h->clock);
  host_flush(h);
  if (h->out.length != 0) host_wake(h);
  return ERROR_SUCCESS;
}

static int set_text(json_t *params, const char *key, const char *text) {
  return text == NULL ? 0 : json_object_set_new(params, key, json_string(text));
}

/* A path is bytes: one that is no UTF-8 goes as numbers. */
static int set_path(json_t *params, const char *path) {
  if (text_is_utf8(path)) return set_text(params, "file", path);
  json_t *bytes = json_array();
  int failed = 0;
  for (; *path != '\0'; path++)
    failed |= json_array_append_new(bytes, json_integer((unsigned char)*path));
  return failed | json_object_set_new(params, "file", bytes);
}

DWORD host_send_start(struct host *h, struct host_call *call) {
  struct fax_op *op = call->op;
  json_t *params = json_object();
  bool sends = fax_op_kind(op) == FAX_OP_SEND;
  int failed = json_object_set_new(params, "call", json_integer(call->id));
  failed |= set_text(params, "kind", sends ? "send" : "receive");
  failed |= set_path(params, fax_op_file(op));
  failed |= set_text(params, "caller_name", fax_op_caller_name(op));
  failed |= set_text(params, "receiver_name", fax_op_receiver_name(op));
  failed |= json_object_set_new(
      params, "operation", record_to_json(&record_operation, fax_op_told(op)));
  if (failed != 0) {
    json_decref(params);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  DWORD code = host_send(h, "start", params);
  if (code != ERROR_SUCCESS) return code;
  call->sent = true;
  call->seen = host_machine_now();
  return ERROR_SUCCESS;
}

/* The devices of others are disabled in every host, so that none answers for
   them. */
void host_send_enable(struct host *h, DWORD device) {
  const struct host_device *wanted = &h->hosts->wanted[device];
  bool own = device - h->first < h->count;
  if (own && !wanted->known) return;
  host_send(
      h, "enable",
      json_pack("{s:I, s:b, s:b}", "device",
                (json_int_t)h->hosts->devices[device].device_id, "receive",
                own && wanted->receive, "send", own && wanted->send));
}
