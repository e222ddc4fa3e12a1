/* SPDX-License-Identifier: MIT
   Who a client is to be: "hello", and "session.open" for one of its users. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "ipc/server/own.h"
#include "service/service.h"

DWORD params_of(struct request *r, const struct fax_record *record, void *in,
                struct arena *a) {
  if (r->message.params != NULL)
    return record_from_json(record, r->message.params, in, a);
  return error_say(ERROR_INVALID_DATA, "%s: params are missing", record->name);
}

/* What the peer has, when it asks for that user; NULL: for itself. */
static struct grant *grant_for(const struct session *s, const char *user) {
  bool other = user != NULL && strcmp(user, s->peer.user) != 0;
  return other ? s->peer.others : s->peer.own;
}

/* The peer itself, or, with the right to act for others, one of them; never
   with more rights than the rules give to the peer. */
static DWORD open_for(struct session *s, const char *user, DWORD rights,
                      HANDLE *handle_out) {
  struct fax_connect connect = {.size = sizeof connect,
                                .rights = rights,
                                .user = user != NULL ? user : s->peer.user};
  struct grant *grant = grant_for(s, user);
  if (grant == s->peer.others && grant->rights == 0)
    return error_say(ERROR_ACCESS_DENIED, "%s may not act for %s", s->peer.user,
                     user);
  clock_join();
  clock_enter();
  DWORD error = connection_open(&connect, grant, handle_out);
  clock_leave();
  if (error == ERROR_SUCCESS && user != NULL)
    log_line(LOG_INIT, FAX_LOG_INFO, "socket",
             "session %u: user=%s for=%s rights=0x%02x", s->number,
             s->peer.user, user, grant->rights & rights & 0x7f);
  return error;
}

static bool speaks(const struct hello *h) {
  return h->version_count == 2 && h->versions[0] <= PROTOCOL_VERSION &&
         h->versions[1] >= PROTOCOL_VERSION;
}

static DWORD welcome(struct session *s, const struct hello *h,
                     struct answer *answer) {
  static const char *const features[] = {FEATURE_DESCRIPTORS,
                                         FEATURE_ATTACHMENTS, NULL};
  struct welcome w = {
      .version = PROTOCOL_VERSION,
      .boot = s->server->boot,
      .server = "libfax " FAX_VERSION,
      .features = features,
      .user = h->user != NULL ? h->user : s->peer.user,
      .rights = grant_for(s, h->user)->rights & h->rights & 0x7f};
  answer->result = record_to_json(&welcome_record, &w);
  return ERROR_SUCCESS;
}

DWORD serve_hello(struct session *s, struct request *r, struct answer *answer) {
  struct arena a = {0};
  struct hello h;
  DWORD error = params_of(r, &hello_record, &h, &a);
  if (error == ERROR_SUCCESS && s->base != NULL)
    error = error_say(ERROR_INVALID_OPERATION, "hello was said already");
  if (error == ERROR_SUCCESS && !speaks(&h))
    error = error_say(ERROR_NOT_SUPPORTED,
                      "`versions` [first, last]: this server speaks %d",
                      PROTOCOL_VERSION);
  if (error == ERROR_SUCCESS) error = open_for(s, h.user, h.rights, &s->base);
  if (error == ERROR_SUCCESS) error = welcome(s, &h, answer);
  arena_free(&a);
  return error;
}

DWORD serve_session(struct session *s, struct request *r,
                    struct answer *answer) {
  struct arena a = {0};
  struct session_open asked;
  struct method_handle out = {NULL};
  DWORD id, error = params_of(r, &session_open_record, &asked, &a);
  if (error == ERROR_SUCCESS)
    error = open_for(s, asked.user, asked.rights, &out.handle);
  arena_free(&a);
  if (error != ERROR_SUCCESS) return error;
  error = entry_add(s, out.handle, NULL, &id);
  if (error != ERROR_SUCCESS) {
    method_close(out.handle);
    return error;
  }
  out.handle = (HANDLE)(uintptr_t)id;
  answer->result = record_to_json(&method_handle_record, &out);
  return ERROR_SUCCESS;
}
