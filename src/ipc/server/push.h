/* SPDX-License-Identifier: MIT
   What a session is told by itself. Only for src/ipc/server. */
#ifndef FAX_IPC_SERVER_PUSH_H
#define FAX_IPC_SERVER_PUSH_H

#include "base/completion.h"
#include "ipc/attach.h"
#include "ipc/server/own.h"

enum pushed_as { PUSHED_EVENTS, PUSHED_PROVIDER, PUSHED_POLICY };

/* One of the session's subscriptions, a provider that it has attached or
   loaded, or a policy. */
struct pushed {
  DWORD number; /* on the wire, and the key of its packets; 0: free */
  enum pushed_as as;
  HANDLE object; /* of a provider or a policy; NULL: there is none yet */
  DWORD id;      /* of a subscription: the service's */
  bool extended, acknowledges;
  bool leaves; /* a provider that was detached */
};

struct push {
  HANDLE handle;
  struct completion_port *port;
  pthread_t thread;
  pthread_mutex_t lock; /* what follows */
  pthread_cond_t changed;
  struct pushed list[SUBSCRIPTIONS];
  struct list ops; /* of its providers */
  DWORD last_op;
  DWORD last;
  DWORD held;          /* subscriptions whose answer has not gone out */
  DWORDLONG due, came; /* acknowledgements */
  bool ended;          /* the session has */
  bool over;           /* the thread ends; with server->lock */
};

/* ---- push.c; the session's thread ---- */
/* A port and a thread, if there is none. */
DWORD push_begin(struct session *s);

/* ---- pushed.c: its list; the session's thread ---- */
/* A number for a subscription or a provider, about which nothing goes out
   before push_release. ERROR_BUSY. */
DWORD push_reserve(struct push *p, struct pushed pushed,
                   struct pushed **pushed_out);
/* What was reserved is there, as that. */
void push_fill(struct push *p, struct pushed *pushed, HANDLE object, DWORD id);
/* Any thread. */
void push_free_number(struct push *p, DWORD number);
/* A provider is detached: its number is free when it has stopped. */
void push_leave(struct push *p, DWORD number);
void push_stopped(struct push *p, DWORD number); /* any thread */
/* What has that number. Any thread. */
bool push_look_up(struct push *p, DWORD number, struct pushed *pushed_out);
/* The same, of that kind and with what is behind it. False: the client has none
 * such. */
bool push_find(struct session *s, DWORD number, enum pushed_as as,
               struct pushed *pushed_out);
/* The connection that is asked (mem_unref), and a push. */
DWORD push_connection(struct session *s, DWORD on, struct connection **c_out);

/* ---- push.c; any thread, with session->writing ---- */
/* Takes the params. */
DWORD push_put(struct session *s, const char *method, json_t *params);
/* A question to acknowledge goes out. */
void push_expect(struct push *p);

/* ---- attach.c ---- */
/* Takes the call. With session->writing; the thread of the push. */
DWORD push_call(struct session *s, const struct pushed *pushed,
                struct fax_call *call);
/* The operations of a provider are lost; 0: of all. The session's thread. */
void push_lose_ops(struct push *p, DWORD provider);

/* ---- policy.c ---- */
/* Borrows the question. With session->writing; the thread of the push. */
struct fax_policy_question;
DWORD push_question(struct session *s, const struct pushed *pushed,
                    const struct fax_policy_question *question);

#endif
