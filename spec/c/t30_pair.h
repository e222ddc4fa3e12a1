/* SPDX-License-Identifier: MIT
   Two fax machines on a line in memory, for the t30 tests: a hook sees and may
   spoil every block. */
#ifndef FAX_SPEC_T30_PAIR_H
#define FAX_SPEC_T30_PAIR_H

#include <fax/fax_t30.h>
#include <fax/faxdev.h>
#include <unistd.h>

#include "folder.h"
#include "pages.h"
#include "test.h"

#define PAIR_BLOCK 160
#define PAIR_SECOND (FAX_T30_SAMPLE_RATE / PAIR_BLOCK) /* in blocks */

struct pair;
typedef void pair_hook_fn(struct pair *p, long block, int16_t *to_receiver,
                          int16_t *to_sender);

struct pair {
  struct fax_t30_config send, receive;
  struct fax_t30 *sender, *receiver;
  char directory[FOLDER_SIZE], source[80], target[80];
  pair_hook_fn *hook;
  void *arg;
  long blocks;
  DWORD phases; /* bits: phases that the sender told */
  DWORD told_pages;
};

static inline void pair_progress(void *arg, const struct fax_progress *p) {
  struct pair *pair = arg;
  pair->phases |= 1u << p->phase;
  pair->told_pages = p->pages_confirmed;
}

static inline void pair_set_up(struct pair *p) {
  memset(p, 0, sizeof *p);
  assert_true(folder_make(p->directory));
  snprintf(p->source, sizeof p->source, "%s/sent.tif", p->directory);
  snprintf(p->target, sizeof p->target, "%s/received.tif", p->directory);
  p->send = (struct fax_t30_config){.size = sizeof p->send,
                                    .calling = TRUE,
                                    .send_file = p->source,
                                    .local_id = "+1 555 0100",
                                    .ecm = TRUE,
                                    .progress = pair_progress,
                                    .arg = p};
  p->receive = (struct fax_t30_config){.size = sizeof p->receive,
                                       .receive_file = p->target,
                                       .local_id = "+1 555 0199",
                                       .ecm = TRUE};
}

static inline void pair_open(struct pair *p) {
  p->sender = fax_t30_new(&p->send);
  p->receiver = fax_t30_new(&p->receive);
  assert_non_null(p->sender);
  assert_non_null(p->receiver);
}

/* Until both are done; a call that lasts an hour of line time has failed. */
static inline void pair_talk(struct pair *p) {
  int16_t a[PAIR_BLOCK], b[PAIR_BLOCK];
  for (p->blocks = 0; !fax_t30_done(p->sender) || !fax_t30_done(p->receiver);
       p->blocks++) {
    assert_true(p->blocks < 3600L * PAIR_SECOND);
    assert_int_equal(fax_t30_audio_out(p->sender, a, PAIR_BLOCK), PAIR_BLOCK);
    assert_int_equal(fax_t30_audio_out(p->receiver, b, PAIR_BLOCK), PAIR_BLOCK);
    if (p->hook != NULL) p->hook(p, p->blocks, a, b);
    fax_t30_audio_in(p->sender, b, PAIR_BLOCK);
    fax_t30_audio_in(p->receiver, a, PAIR_BLOCK);
  }
}

static inline void pair_call(struct pair *p) {
  pair_open(p);
  pair_talk(p);
}

static inline const struct fax_t30_result *pair_sent(const struct pair *p) {
  return fax_t30_result(p->sender);
}

static inline const struct fax_t30_result *pair_got(const struct pair *p) {
  return fax_t30_result(p->receiver);
}

static inline void pair_hang_up(struct pair *p) {
  fax_t30_free(p->sender);
  fax_t30_free(p->receiver);
  p->sender = p->receiver = NULL;
}

static inline void pair_tear_down(struct pair *p) {
  pair_hang_up(p);
  unlink(p->source);
  unlink(p->target);
  rmdir(p->directory);
  assert_int_equal(mem_live(), 0);
}

#endif
