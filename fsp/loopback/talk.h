/* SPDX-License-Identifier: MIT
   What is kept of a call while its two machines talk. For talk.c, and change.c,
   which takes it from audio to T.38. */
#ifndef LOOPBACK_TALK_H
#define LOOPBACK_TALK_H

#include "exchange.h"
#include "t38.h"

struct talk {
  struct call *call;
  struct fax_t30 *caller, *called; /* called NULL: a person */
  struct answer *answer;           /* NULL: a line answered */
  struct channel *channel;         /* NULL: the audio is clean */
  struct t38 *t38;                 /* NULL: the call is audio */
  bool offered;                    /* the change; once in a call */
  int64_t blocks;                  /* of line time */
  int alone;                       /* blocks since one hung up */
};

/* What a machine of an operation is made of, for one of the two files; its
   progress goes to the service. Borrows. */
void talk_config(struct operation *o, const char *send_file,
                 const char *receive_file, struct fax_t30_config *config);

/* Nothing is heard of that side any more. */
bool talk_caller_mute(const struct talk *t);
bool talk_called_mute(const struct talk *t);

/* At each block: the called side offers T.38 when its fax machine answers, if
   the call wants that. Before a frame was sent nothing is lost by it. */
void change_offer(struct talk *t);

#endif
