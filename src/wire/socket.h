/* SPDX-License-Identifier: MIT
   Messages and descriptors over a unix socket, for one thread at a time that
   waits for them. Times are seconds of the machine's clock: the other side is
   no part of ours. */
#ifndef FAX_WIRE_SOCKET_H
#define FAX_WIRE_SOCKET_H

#include <stdint.h>

#include "wire/message.h"

enum {
  WIRE_DESCRIPTORS = 64, /* that one message may bring */
  WIRE_KEPT = 256 /* of the process's descriptors, half of them at most, that
                     nobody at the other end of a socket can use up */
};

struct wire {
  int fd; /* owned; -1: none */
  struct message_in in;
  struct message_out out;
  int descriptors[WIRE_DESCRIPTORS]; /* that came; owned, not taken yet */
  unsigned descriptor_count;
  int64_t patience; /* of the socket: one more than its seconds; 0: not set */
};

void wire_init(struct wire *w, int fd); /* takes fd */
void wire_close(struct wire *w);        /* may be called again */

/* Closes those that came and were not taken. */
void wire_drop_descriptors(struct wire *w);

/* Seconds of the machine's clock, from whenever. */
double wire_now(void);

/* Connects to the socket at `path`, whose name in a message is the path.
   ERROR_FILE_NOT_FOUND: nobody listens there; ERROR_TIMEOUT: who does has not
   accepted as many as wait for it, for `seconds`. */
DWORD wire_connect(struct wire *w, const char *path, double seconds);

/* One read of what has come, with its descriptors. ERROR_TIMEOUT: nothing came
   in `seconds`, of which a part counts as a whole one; RPC_S_CALL_FAILED: the
   other side has closed; ERROR_OPERATION_ABORTED: a signal; ERROR_INVALID_DATA:
   more descriptors than may be; ERROR_BUSY: more than there is room for. */
DWORD wire_receive(struct wire *w, double seconds);

/* Writes all that is in w->out, with copies of the descriptors (borrowed)
   beside its first byte. ERROR_TIMEOUT: the other side did not take them, or 1
   MiB of them, within `seconds`; RPC_S_CALL_FAILED. */
DWORD wire_flush(struct wire *w, const int *descriptors, unsigned count,
                 double seconds);
/* The same, and then these bytes. */
DWORD wire_send(struct wire *w, const void *bytes, size_t length,
                double seconds);

/* Are enough left when this one, which has come, is kept? The lowest that is
   free is given away first: so its number tells. */
bool wire_spares(int fd);

/* Has the other side closed its end, or gone? Does not wait. */
bool wire_closed(const struct wire *w);

#endif
