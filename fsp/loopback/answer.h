/* SPDX-License-Identifier: MIT
   Who answers at a test number: a fax machine inside the exchange, or a person.
   What it receives is dropped, or kept in a folder. */
#ifndef LOOPBACK_ANSWER_H
#define LOOPBACK_ANSWER_H

#include <fax/fax_t30.h>

#include "channel.h"
#include "numbers.h"

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

/* A block from it, and one to it, which may be spoiled on the way. */
void answer_speak(struct answer *a, int16_t *block);
void answer_hear(struct answer *a, int16_t *block);

/* It hangs up now, whatever its machine would do. */
bool answer_hangs_up(const struct answer *a);
/* It never hangs up. */
bool answer_stays(const struct answer *a);

void voice_speak(struct voice *v, int16_t *block);

#endif
