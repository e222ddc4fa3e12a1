/* SPDX-License-Identifier: MIT
   Two machines on T.38: their packets go as UDPTL datagrams over a way that can
   be bad. Knows nothing of lines and calls. */
#ifndef LOOPBACK_T38_H
#define LOOPBACK_T38_H

#include <fax/fax_t30.h>
#include <fax/fax_udptl.h>

#include "channel.h"

struct t38;

struct t38_side {
  const struct t38 *link;
  struct fax_t30 *machine; /* whoever made it frees it, after its side */
  struct fax_udptl *udptl;
  struct datagrams way; /* of what it says */
  void (*progress)(void *arg, const struct fax_progress *progress);
  enum fax_t30_leave (*may_end)(void *arg, DWORD page);
  void *arg;
  bool silent;  /* from now on it says nothing */
  bool spoiled; /* it cannot read an image any more */
};

struct t38 {
  struct t38_side of_caller, of_called;
  int64_t now; /* samples since the answer */
};

/* Gives a link without machines; NULL: memory. `seed` is the call's, `now` the
   samples since the answer. */
struct t38 *t38_new(const struct impairments *set, uint64_t seed, int64_t now);
/* Gives the machine of a side: one of this configuration, but on T.38. NULL and
   the last error. */
struct fax_t30 *t38_machine(struct t38_side *side,
                            const struct fax_t30_config *config);
/* Both machines go on by CHANNEL_BLOCK. */
void t38_pass(struct t38 *t);
void t38_free(struct t38 *t); /* takes; NULL ok */

#endif
