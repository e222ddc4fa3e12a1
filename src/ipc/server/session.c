/* SPDX-License-Identifier: MIT
   One connection: message after message, until the client has gone, breaks the
   protocol, or the server closes. */
#include "ipc/server/own.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"

/* The time begins with the first that is waited for. */
DWORD session_receive(struct session *s) {
  double now = wire_now();
  if (s->due == 0) s->due = now + s->server->patience;
  if (now >= s->due)
    return error_say(ERROR_TIMEOUT, "a message did not come to its end");
  DWORD error = wire_receive(&s->wire, s->due - now);
  return error == ERROR_OPERATION_ABORTED ? ERROR_SUCCESS : error;
}

/* Between two messages a client may be silent for ever, when it has said
   hello. */
static DWORD receive(struct session *s) {
  bool begun = s->wire.in.length > s->wire.in.taken;
  if (begun || s->base == NULL) return session_receive(s);
  DWORD error = wire_receive(&s->wire, 1e9);
  return error == ERROR_OPERATION_ABORTED ? ERROR_SUCCESS : error;
}

static void request_free(struct request *r) {
  message_free(&r->message);
  while (r->file_count != 0) close(r->files[--r->file_count]);
}

static DWORD obey(struct session *s, struct message *m) {
  struct request r = {.message = *m};
  DWORD error = request_obey(s, &r);
  request_free(&r);
  return error;
}

/* All that has come whole. */
static DWORD obey_all(struct session *s) {
  struct message m;
  DWORD error;
  while ((error = message_take(&s->wire.in, &m)) == ERROR_SUCCESS) {
    error = obey(s, &m);
    if (error != ERROR_SUCCESS) return error;
    if (s->base != NULL) s->due = 0;
  }
  if (error == ERROR_NOT_FOUND) {
    /* They come with the first byte of their message at the latest. */
    if (s->wire.in.length == s->wire.in.taken) wire_drop_descriptors(&s->wire);
    return answers_flush(s);
  }
  session_refuse(s, error);
  return error;
}

/* Only what is no loss of the client is worth a line. */
static void tell_end(const struct session *s, DWORD error) {
  log_line(LOG_INIT, error == RPC_S_CALL_FAILED ? FAX_LOG_DEBUG : FAX_LOG_WARN,
           "socket", "session %u of %s ends: %s", s->number, s->peer.user,
           error_message());
}

void session_run(void *session) {
  struct session *s = session;
  DWORD error;
  log_line(LOG_INIT, FAX_LOG_DEBUG, "socket", "session %u: user=%s pid=%ld",
           s->number, s->peer.user, (long)s->peer.pid);
  do {
    error = receive(s);
    if (error == ERROR_INVALID_DATA || error == ERROR_BUSY)
      session_refuse(s, error);
    if (error == ERROR_SUCCESS) error = obey_all(s);
  } while (error == ERROR_SUCCESS);
  tell_end(s, error);
  push_end(s);
  entry_close_all(s);
}

/* Any thread; the session's own sees the end when it reads or writes. */
void session_hang_up(struct session *s) {
  shutdown(s->wire.fd, SHUT_RDWR);
}
