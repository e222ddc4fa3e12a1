/* SPDX-License-Identifier: MIT
   One question over the socket, and its answer. */
#include <poll.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/own.h"

enum { MOST_CONTENT = 1 << 30 };

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

static DWORD nonsense(const char *what) {
  return error_say(RPC_S_CALL_FAILED, "the server broke the protocol: %s",
                   what);
}

void reply_free(struct reply *reply) {
  json_decref(reply->result);
  FaxFreeBuffer(reply->content);
  *reply = (struct reply){0};
}

/* ---- the question ---- */

static DWORD put_line(struct remote *r, const struct question *q) {
  struct message_out *out = &r->wire.out;
  size_t begin = message_begin(out);
  int failed = message_add_text(out, "{\"jsonrpc\":\"2.0\"");
  failed |= message_add_number(out, "id", ++r->last);
  failed |= message_add_text(out, ",\"method\":\"");
  failed |= message_add_text(out, q->method);
  failed |= message_add_text(out, "\"");
  if (q->on != 0) failed |= message_add_number(out, "on", q->on);
  if (q->size != 0) failed |= message_add_number(out, "attachment", q->size);
  if (q->params != NULL) failed |= message_add_text(out, ",\"params\":");
  if (q->params != NULL) failed |= message_add_value(out, q->params);
  failed |= message_add_text(out, "}");
  return message_end(out, begin, failed);
}

static DWORD put(struct remote *r, const struct question *q) {
  DWORD error = put_line(r, q);
  if (error == ERROR_SUCCESS && q->size != 0)
    error = message_put_raw(&r->wire.out, q->content, q->size);
  if (error != ERROR_SUCCESS) message_out_free(&r->wire.out);
  return error;
}

/* ---- the answer ---- */

/* More of what the server says. */
static DWORD receive(struct remote *r, double until) {
  double left = until - wire_now();
  DWORD error = wire_receive(&r->wire, left > 0 ? left : 0);
  return error == ERROR_OPERATION_ABORTED ? ERROR_SUCCESS : error;
}

static DWORD read_content(struct remote *r, double until, size_t size,
                          BYTE **bytes_out) {
  size_t done = 0;
  DWORD error = ERROR_SUCCESS;
  if (size > MOST_CONTENT) return nonsense("an attachment is too long");
  BYTE *bytes = mem_alloc_tagged(size + 1, MEM_BUFFER);
  if (bytes == NULL) return no_memory();
  while (error == ERROR_SUCCESS && done < size) {
    size_t n = message_raw(&r->wire.in, (char *)bytes + done, size - done);
    done += n;
    if (n == 0) error = receive(r, until);
  }
  if (error == ERROR_SUCCESS)
    *bytes_out = bytes;
  else
    FaxFreeBuffer(bytes);
  return error;
}

/* The result itself came as raw bytes. */
static DWORD parse_content(struct reply *reply) {
  json_error_t why;
  reply->result = json_loadb((const char *)reply->content, reply->size,
                             JSON_REJECT_DUPLICATES, &why);
  FaxFreeBuffer(reply->content);
  reply->content = NULL;
  reply->size = 0;
  return reply->result != NULL ? ERROR_SUCCESS : nonsense(why.text);
}

static DWORD refused(const json_t *error) {
  const json_t *code = json_object_get(error, "code");
  const char *text = message_text(error, "message");
  json_int_t n = json_integer_value(code);
  if (n > 0 && n <= UINT32_MAX)
    return error_say((DWORD)n, "%s", text != NULL ? text : "");
  return error_say(ERROR_NOT_SUPPORTED, "the server refused the call: %s",
                   text != NULL ? text : "?");
}

DWORD reply_error(const json_t *whole) {
  const json_t *error = json_object_get(whole, "error");
  return error != NULL ? refused(error) : ERROR_SUCCESS;
}

static DWORD read_message(struct remote *r, double until, struct message *m,
                          struct reply *reply, DWORD *answer) {
  json_int_t size, cursor;
  *answer = reply_error(m->whole);
  if (*answer != ERROR_SUCCESS) return ERROR_SUCCESS;
  if (!message_number(m->whole, "attachment", MOST_CONTENT, 0, &size) ||
      !message_number(m->whole, "cursor", UINT32_MAX, 0, &cursor))
    return nonsense("an attachment or a cursor is no number");
  reply->cursor = (DWORD)cursor;
  reply->result = json_incref(json_object_get(m->whole, "result"));
  if (json_object_get(m->whole, "attachment") == NULL) return ERROR_SUCCESS;
  reply->size = (DWORD)size;
  DWORD code = read_content(r, until, (size_t)size, &reply->content);
  if (code != ERROR_SUCCESS || message_text(m->whole, "attached") == NULL)
    return code;
  json_decref(reply->result);
  return parse_content(reply);
}

/* ---- waiting for it ---- */

enum { LOOK_MS = 100 /* between questions whether the caller gives up */ };

struct wait {
  double until;
  const struct fax_patience *patience; /* NULL: nobody interrupts, or did */
  bool cancelled;
};

/* The server may still do what was asked: its answer says so. */
static DWORD cancel(struct remote *r, struct wait *w) {
  w->patience = NULL;
  w->cancelled = true;
  w->until = wire_now() + FAREWELL;
  json_t *whole = json_pack("{s:s, s:s, s:i, s:{}}", "jsonrpc", "2.0", "method",
                            "cancel", "descriptors", 0, "params");
  if (whole == NULL) return no_memory();
  DWORD error = message_put_whole(&r->wire.out, whole);
  json_decref(whole);
  return error == ERROR_SUCCESS ? wire_flush(&r->wire, NULL, 0, FAREWELL)
                                : error;
}

/* More of what the server says, or a moment passes: the socket's own patience
   is in whole seconds. */
static DWORD wait_more(struct remote *r, struct wait *w) {
  struct pollfd one = {.fd = r->wire.fd, .events = POLLIN};
  if (w->patience == NULL || poll(&one, 1, LOOK_MS) > 0)
    return receive(r, w->until);
  if (w->patience->interrupted(w->patience->arg)) return cancel(r, w);
  return wire_now() < w->until
             ? ERROR_SUCCESS
             : error_say(ERROR_TIMEOUT, "the server is silent");
}

/* The code is of the connection, `answer` is the server's. */
static DWORD await(struct remote *r, struct wait *w, struct reply *reply,
                   DWORD *answer) {
  struct message m;
  for (;;) {
    DWORD error = message_take(&r->wire.in, &m);
    if (error == ERROR_NOT_FOUND) {
      error = wait_more(r, w);
      if (error != ERROR_SUCCESS) return error;
      continue;
    }
    if (error != ERROR_SUCCESS) return nonsense(error_message());
    const json_t *id = json_object_get(m.whole, "id");
    bool ours = json_integer_value(id) == (json_int_t)r->last;
    /* A refusal of the connection answers no question. */
    ours = ours || json_is_null(id);
    if (ours) error = read_message(r, w->until, &m, reply, answer);
    message_free(&m);
    if (ours) return error;
  }
}

static struct wait wait_for(const struct question *q) {
  bool asks = q->patience != NULL && q->patience->interrupted != NULL;
  double seconds = q->seconds != 0 ? q->seconds : SILENCE;
  return (struct wait){.until = wire_now() + seconds,
                       .patience = asks ? q->patience : NULL};
}

DWORD remote_exchange(struct remote *r, const struct question *q,
                      struct reply *reply, bool *sent) {
  DWORD answer = ERROR_SUCCESS;
  *sent = false;
  DWORD error = put(r, q);
  if (error != ERROR_SUCCESS) return error;
  struct wait w = wait_for(q);
  error = wire_flush(&r->wire, q->files, q->file_count, w.until - wire_now());
  *sent = error == ERROR_SUCCESS;
  /* What refuses may have closed before it read all. */
  if (error != ERROR_TIMEOUT) error = await(r, &w, reply, &answer);
  if (error == ERROR_SUCCESS) return answer;
  reply_free(reply);
  if (error == ERROR_TIMEOUT && w.cancelled)
    return error_say(ERROR_CANCELLED,
                     "the call was interrupted: the server has not said "
                     "whether it was done");
  if (error != ERROR_TIMEOUT || q->seconds == 0 || !*sent) wire_close(&r->wire);
  return error;
}
