/* SPDX-License-Identifier: MIT
   The listener, its sessions, and what a session has open. Only for
   src/ipc/server. */
#ifndef FAX_IPC_SERVER_OWN_H
#define FAX_IPC_SERVER_OWN_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "base/completion.h"
#include "base/list.h"
#include "base/mem.h"
#include "ipc/event.h"
#include "ipc/hello.h"
#include "ipc/server/server.h"
#include "method/close.h"
#include "method/method.h"
#include "wire/socket.h"

struct connection;
struct grant;

/* Who is at the other end, by the kernel's word. */
struct peer {
  pid_t pid;
  uid_t uid;
  gid_t gid;
  char *user; /* owned; the account's name, or its number */
  /* As the rules of access say now; owned. */
  struct grant *own;    /* what it may itself */
  struct grant *others; /* and for other users: the same, or nothing */
  DWORD judged;         /* by which rules: server->rules_number then */
};

/* Who may connect; the first that fits counts. */
struct access_rules { /* counted; never changed */
  struct fax_access *list;
  DWORD count;
};

/* An answer that is sent in pieces. */
struct cursor {
  const struct method *method;
  void *out;   /* as serve left it */
  DWORD next;  /* the first item that was not sent */
  size_t size; /* bytes of its items */
};

/* What a number of the wire stands for. */
struct entry {
  HANDLE handle;         /* or */
  struct cursor *cursor; /* owned; or neither: it is free */
};

/* One connection, with a thread of its own: what a client does to it costs
   nobody else. Counted. */
struct session {
  struct list link; /* with server->lock */
  pthread_t thread;
  struct server *server;
  DWORD number; /* for the log */
  struct wire wire;
  double due; /* wire_now() by when what the client has begun must have come;
                 0: it has begun nothing */
  struct peer peer;
  HANDLE base; /* of the client itself; NULL before its hello */
  struct entry entries[PROTOCOL_HANDLES]; /* ids from one */
  struct completion_tally *tally; /* held; its account's, of what is told */
  size_t kept;                    /* bytes of its cursors; server->lock */
  struct push *push;       /* owned; NULL: nobody subscribed; server->lock */
  pthread_mutex_t writing; /* what is sent */
};

struct server {
  int fd, wake; /* an eventfd that ends the listener */
  char *path;   /* of the socket; NULL: it was made by another */
  DWORDLONG boot;
  double patience;            /* seconds, see PATIENCE */
  struct access_rules *rules; /* with the lock; NULL: the default */
  DWORD rules_number;         /* with the lock; other rules, other number */
  uid_t owner;
  pthread_t listener;
  pthread_mutex_t lock; /* what follows */
  pthread_cond_t ended; /* a session has; on the machine's clock */
  struct list sessions;
  struct list over; /* those that have ended: their threads are to be joined */
  DWORD count, last;
  bool closing;
  bool deaf; /* the listener ends */
};

enum {
  SESSIONS = 1000,     /* at a time */
  SESSIONS_EACH = 250, /* of one account that is not the server's own */
  PATIENCE = 30 /* usual seconds for a client to take what it asked for, or to
                  send the rest of what it began */
};

/* ---- listen.c ---- */
void server_listen(void *server);
/* Any thread, with the lock or without: the listener looks what there is. */
void server_wake(struct server *s);

/* ---- admit.c ---- */
/* Takes fd: a session with a thread of its own, or a refusal. */
void session_admit(struct server *server, int fd);
/* Joins the threads of sessions that have ended. */
void sessions_bury(struct server *server);

/* ---- access.c ---- */
/* Fills in `peer`, whose user is then owned. ERROR_ACCESS_DENIED. */
DWORD peer_read(struct server *s, int fd, struct peer *peer);
/* The listener's thread: all who are connected have the rights that the rules
   of now give, and who has none is hung up on. */
void peers_judge(struct server *s);

/* ---- session.c ---- */
/* Until the end of the session. */
void session_run(void *session);
void session_hang_up(struct session *s);
/* More of what the client has begun, which comes whole in its time. */
DWORD session_receive(struct session *s);

/* ---- keep.c: what answers wait to be asked for ---- */
enum {
  KEPT_EACH = 64 << 20 /* bytes of one account's cursors; one may be
                          larger, when it is alone */
};
/* Counts the bytes. ERROR_NOT_ENOUGH_MEMORY: its account has too many. */
DWORD keep_add(struct session *s, size_t size);
void keep_drop(struct session *s, size_t size);

/* ---- entries.c ---- */
DWORD entry_add(struct session *s, HANDLE handle, struct cursor *cursor,
                DWORD *id_out); /* takes both on success */
/* ERROR_INVALID_HANDLE. 0 is the client itself. */
DWORD entry_handle(struct session *s, DWORD id, HANDLE *handle_out);
struct cursor *entry_cursor(struct session *s, DWORD id); /* or NULL */
DWORD entry_close(struct session *s, DWORD id);
DWORD entry_close_base(struct session *s); /* the client itself: it goes */
void entry_close_all(struct session *s);

/* ---- request.c: one message of the client ---- */
struct request {
  struct message message;
  const json_t *id;            /* borrowed; NULL: no answer is wanted */
  DWORD on;                    /* what is asked */
  json_int_t content;          /* raw bytes that follow */
  int files[WIRE_DESCRIPTORS]; /* owned */
  unsigned file_count;
};
/* Serves it and answers. Any error but ERROR_SUCCESS is the end of the
   session. */
DWORD request_obey(struct session *s, struct request *r);

/* ---- serve.c: "job.read" and all the others ---- */
/* What was answered: `result_out` gives an object, `content` raw bytes that
   the caller frees (FaxFreeBuffer), `cursor_out` an id, 0: that was all. */
struct answer {
  json_t *result;
  struct bytes text; /* the result, when there is no tree of it */
  BYTE *content;
  DWORD size;
  DWORD cursor;
  void (*sent)(struct session *s); /* it is, or could not be; NULL ok */
};
DWORD serve_method(struct session *s, struct request *r, const struct method *m,
                   struct answer *answer);
/* "cursor.next" */
DWORD serve_more(struct session *s, struct request *r, struct answer *answer);

/* ---- answer.c ---- */
/* Puts the answer, and takes its result and its text. */
DWORD answer_result(struct session *s, const struct request *r,
                    struct answer *a);
/* Of one that is not put. */
void answer_drop(struct answer *a);
/* `code` of JSON-RPC, or, above zero, an ERROR_ code. */
DWORD answer_error(struct session *s, const json_t *id, int code);
/* An error that answers no question. */
void session_refuse(struct session *s, DWORD error);
/* What was put goes out: before the thread waits for the client, and before
   what may take long. */
DWORD answers_flush(struct session *s);

/* ---- welcome.c: "hello", "session.open" ---- */
/* The params as a record; ERROR_INVALID_DATA. */
DWORD params_of(struct request *r, const struct fax_record *record, void *in,
                struct arena *a);
DWORD serve_hello(struct session *s, struct request *r, struct answer *answer);
DWORD serve_session(struct session *s, struct request *r,
                    struct answer *answer);

/* ---- push.c: events go out on a thread of their own ---- */
enum { SUBSCRIPTIONS = 64 /* of one session */ };
/* With server->lock: no event comes any more, what waits goes out. */
void push_finish(struct session *s);
/* With server->lock. */
bool push_runs(const struct session *s);
/* The session's thread, at its end. */
void push_end(struct session *s);

/* ---- pushed.c ---- */
/* Until this nothing goes out about what was reserved. */
void push_release(struct session *s);

/* ---- subscribe.c: "event.subscribe" and what follows it ---- */
DWORD serve_subscribe(struct session *s, struct request *r,
                      struct answer *answer);
DWORD serve_unsubscribe(struct session *s, struct request *r,
                        struct answer *answer);
DWORD serve_acknowledge(struct session *s, struct request *r,
                        struct answer *answer);

/* ---- provider.c: "provider.attach", "provider.load" and what follows ---- */
DWORD serve_attach(struct session *s, struct request *r, struct answer *answer);
DWORD serve_load(struct session *s, struct request *r, struct answer *answer);
DWORD serve_detach(struct session *s, struct request *r, struct answer *answer);
DWORD serve_ring(struct session *s, struct request *r, struct answer *answer);
DWORD serve_alive(struct session *s, struct request *r, struct answer *answer);
/* ---- attach.c ---- */
/* "operation.status", "operation.caller", "operation.commit",
   "operation.end" */
DWORD serve_operation(struct session *s, struct request *r,
                      struct answer *answer);

/* ---- policy.c: "policy.attach" and what follows it ---- */
DWORD serve_policy(struct session *s, struct request *r, struct answer *answer);
DWORD serve_policy_answer(struct session *s, struct request *r,
                          struct answer *answer);
DWORD serve_policy_detach(struct session *s, struct request *r,
                          struct answer *answer);

/* ---- cancel.c ---- */
/* From now on the patience of `in` ends with a "cancel" of the client. */
void cancel_heed(struct session *s, const struct method *m, void *in);
DWORD serve_cancel(struct session *s, struct request *r, struct answer *answer);

/* ---- content.c ---- */
/* The next of the raw bytes, waiting for them: 1 MiB of them is to come in the
   time of a message. 0: there are no more. */
DWORD content_next(struct session *s, struct request *r, char *to, size_t most,
                   size_t *got_out);
/* Reads the raw bytes of a request into a block (FaxFreeBuffer). */
DWORD content_read(struct session *s, struct request *r, BYTE **bytes_out);
/* Makes `files` of the params, whether their contents came as descriptors or as
   raw bytes, names that the service can open. */
DWORD content_files(struct session *s, struct request *r,
                    const struct method *m);

#endif
