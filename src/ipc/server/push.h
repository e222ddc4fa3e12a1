/* SPDX-License-Identifier: MIT
   What a session is told by itself. Only for src/ipc/server. */
#ifndef FAX_IPC_SERVER_PUSH_H
#define FAX_IPC_SERVER_PUSH_H

#include "base/completion.h"
#include "ipc/attach.h"
#include "ipc/server/own.h"

/* One of the session's subscriptions, or a provider that it has attached. */
struct pushed {
  DWORD number;    /* on the wire, and the key of its packets; 0: free */
  HANDLE provider; /* NULL: it is a subscription */
  DWORD id;        /* the service's */
  bool extended, acknowledges;
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
/* A number for a subscription or a provider, about which nothing goes out
   before push_release. ERROR_BUSY. */
DWORD push_reserve(struct push *p, struct pushed pushed,
                   struct pushed **pushed_out);
void push_free_number(struct push *p, struct pushed *pushed);
/* With session->writing, by any thread. Takes the params. */
DWORD push_put(struct session *s, const char *method, json_t *params);

/* ---- attach.c ---- */
/* Takes the call. With session->writing; the thread of the push. */
DWORD push_call(struct session *s, const struct pushed *pushed,
                struct fax_call *call);
/* At the session's end: its providers go, and their operations are lost. */
void push_detach_all(struct session *s);

#endif
