/* SPDX-License-Identifier: MIT
   A client that gives up while it is served says so with the next message,
   "cancel": that is looked for, and read when its turn has come. */
#include <string.h>
#include <sys/socket.h>

#include "ipc/server/own.h"

/* Of the client, without what is unusual in it. */
enum { LINE = 256 };

static bool is_cancel(const char *bytes, size_t length) {
  struct message_in in = {0};
  struct message m;
  const char *end = memchr(bytes, '\n', length);
  bool found = false;
  if (end == NULL) return false;
  if (message_feed(&in, bytes, (size_t)(end - bytes) + 1) == ERROR_SUCCESS &&
      message_take(&in, &m) == ERROR_SUCCESS) {
    found = m.method != NULL && strcmp(m.method, "cancel") == 0;
    message_free(&m);
  }
  message_in_free(&in);
  return found;
}

/* What has come already may be whole; else it is with the kernel. */
static BOOL gives_up(void *session) {
  const struct session *s = session;
  const struct message_in *in = &s->wire.in;
  char line[LINE];
  if (in->length > in->taken) {
    size_t length = in->length - in->taken;
    return is_cancel(in->bytes + in->taken, length < LINE ? length : LINE);
  }
  ssize_t n = recv(s->wire.fd, line, sizeof line, MSG_PEEK | MSG_DONTWAIT);
  return n > 0 && is_cancel(line, (size_t)n);
}

void cancel_heed(struct session *s, const struct method *m, void *in) {
  struct fax_patience *patience = m->patience != NULL ? m->patience(in) : NULL;
  if (patience == NULL) return;
  patience->interrupted = gives_up;
  patience->arg = s;
}

DWORD serve_cancel(struct session *s, struct request *r,
                   struct answer *answer) {
  (void)s, (void)r;
  answer->result = json_object();
  return ERROR_SUCCESS;
}
