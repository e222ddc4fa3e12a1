/* SPDX-License-Identifier: MIT
   Who answers at a test number: a fax machine inside the exchange, or a person.
   What it receives is dropped, or kept in a folder. */
#ifndef LOOPBACK_ANSWER_H
#define LOOPBACK_ANSWER_H

#include <fax/fax_t30.h>

#include "channel.h"
#include "numbers.h"
#include "t38.h"

#define ANSWER_PATH_SIZE 256 /* what a machine takes */

struct voice {
  struct random chance;
  int64_t now; /* samples */
  uint32_t phase, pitch;
  bool pause;
};

struct answer {
  const struct test_number *number;
  DWORD n;
  const char *own_number;
  struct fax_t30 *machine; /* NULL: a person */
  const struct fax_t30 *caller;
  int file; /* nowhere on a disk, or -1 */
  char path[ANSWER_PATH_SIZE];
  struct voice voice;
  int64_t blocks;  /* since the answer */
  int page_blocks; /* since page n is at work; 0: it is not */
  int rejections;
  bool silent;
};

/* Lifts the receiver. `folder`: "" or where to keep the fax, as `name`. The
   caller's machine is borrowed: a page is at work when the sender says so.
   False: there is no machine. */
bool answer_begin(struct answer *a, const struct test_number *number, DWORD n,
                  const struct fax_t30 *caller, const char *own_number,
                  const char *folder, const char *name);
void answer_free(struct answer *a);

/* What its machine is made of; borrows. And: the call went over to other
   machines, the one of the called side is this one's (takes). */
void answer_config(const struct answer *a, struct fax_t30_config *config);
void answer_change(struct answer *a, const struct fax_t30 *caller,
                   struct fax_t30 *machine);

/* A block from it, and one to it, which may be spoiled on the way. */
void answer_speak(struct answer *a, int16_t *block);
void answer_hear(struct answer *a, int16_t *block);

/* A block of T.38, in which its side behaves as the number says. */
void answer_guide(struct answer *a, struct t38_side *side);

/* It hangs up now, whatever its machine would do. */
bool answer_hangs_up(const struct answer *a);
/* It never hangs up. */
bool answer_stays(const struct answer *a);

void voice_speak(struct voice *v, int16_t *block);

#endif
