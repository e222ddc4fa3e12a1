/* SPDX-License-Identifier: MIT
   A client of the tests' own, that says what it likes. */
#ifndef FAX_SPEC_IPC_RAW_H
#define FAX_SPEC_IPC_RAW_H

#include <jansson.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ipc_stage.h"

#define RAW_HELLO                                       \
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"," \
  "\"params\":{\"versions\":[1,1]}}\n"

struct raw {
  int fd;
  char bytes[1 << 18];
  size_t length;
};

static inline void raw_open(struct raw *r, const struct stage *st) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  ipc_path(st, address.sun_path, sizeof address.sun_path);
  r->length = 0;
  r->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(r->fd >= 0);
  assert_int_equal(connect(r->fd, (struct sockaddr *)&address, sizeof address),
                   0);
}

static inline void raw_close(struct raw *r) {
  close(r->fd);
}

static inline void raw_send(struct raw *r, const char *bytes, size_t length) {
  while (length != 0) {
    ssize_t n = send(r->fd, bytes, length, MSG_NOSIGNAL);
    assert_true(n > 0);
    bytes += n;
    length -= (size_t)n;
  }
}

static inline void raw_say(struct raw *r, const char *text) {
  raw_send(r, text, strlen(text));
}

/* The next line (json_decref); NULL: the server has closed. */
static inline json_t *raw_hear(struct raw *r) {
  char *end;
  while ((end = memchr(r->bytes, '\n', r->length)) == NULL) {
    assert_true(r->length < sizeof r->bytes);
    ssize_t n =
        recv(r->fd, r->bytes + r->length, sizeof r->bytes - r->length, 0);
    if (n <= 0) return NULL;
    r->length += (size_t)n;
  }
  size_t line = (size_t)(end - r->bytes) + 1;
  json_t *whole = json_loadb(r->bytes, line, 0, NULL);
  assert_non_null(whole);
  r->length -= line;
  memmove(r->bytes, r->bytes + line, r->length);
  return whole;
}

/* The code of the error that the next answer is; 0: it is none. */
static inline int raw_code(struct raw *r) {
  json_t *whole = raw_hear(r);
  assert_non_null(whole);
  int code = (int)json_integer_value(
      json_object_get(json_object_get(whole, "error"), "code"));
  json_decref(whole);
  return code;
}

/* Asks, and hears how it ended. */
static inline int raw_ask(struct raw *r, const char *text) {
  raw_say(r, text);
  return raw_code(r);
}

static inline void assert_hung_up(struct raw *r) {
  assert_null(raw_hear(r));
}

#endif
