/* SPDX-License-Identifier: MIT
   The behaviour of the test numbers during a call, in line time. */
#include "answer.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECOND (CHANNEL_RATE / CHANNEL_BLOCK) /* in blocks */
#define GOODBYE (5 * SECOND)
#define TONE (3 * SECOND)
/* How far into a page it hangs up, and from where on it hears nothing right:
   V.29 has trained by then, and the shortest page is not over. */
#define DROP_AT (SECOND / 2)
#define SPOIL_AT (SECOND + SECOND / 10)
#define SPOIL_TURN 40 /* samples */

static bool is_person(const struct answer *a) {
  return a->number->act == ACT_VOICE || a->number->act == ACT_GOODBYE;
}

static bool make_file(struct answer *a, const char *folder, const char *name) {
  if (folder[0] != '\0')
    return snprintf(a->path, sizeof a->path, "%s/%s", folder, name) <
           (int)sizeof a->path;
  a->file = memfd_create("loopback", MFD_CLOEXEC);
  snprintf(a->path, sizeof a->path, "/proc/self/fd/%d", a->file);
  return a->file >= 0;
}

bool answer_begin(struct answer *a, const struct test_number *number, DWORD n,
                  const struct fax_t30 *caller, const char *own_number,
                  const char *folder, const char *name) {
  struct fax_t30_config config;
  *a = (struct answer){.number = number,
                       .n = n,
                       .own_number = own_number,
                       .caller = caller,
                       .file = -1};
  a->voice.chance = random_stream(n, 7);
  if (is_person(a)) return true;
  if (!make_file(a, folder, name)) return false;
  answer_config(a, &config);
  a->machine = fax_t30_new(&config);
  return a->machine != NULL;
}

void answer_config(const struct answer *a, struct fax_t30_config *config) {
  const struct test_number *number = a->number;
  *config = (struct fax_t30_config){.size = sizeof *config,
                                    .receive_file = a->path,
                                    .local_id = a->own_number,
                                    .ecm = !number->no_ecm,
                                    .max_rate = number->max_rate,
                                    .not_ready = number->not_ready};
}

void answer_change(struct answer *a, const struct fax_t30 *caller,
                   struct fax_t30 *machine) {
  a->caller = caller;
  a->machine = machine;
}

/* A fax without a page is not kept. */
void answer_free(struct answer *a) {
  bool empty = a->machine != NULL &&
               fax_t30_result(a->machine)->progress.pages_confirmed == 0;
  fax_t30_free(a->machine);
  if (a->file >= 0)
    close(a->file);
  else if (empty)
    unlink(a->path);
}

/* The page of a call that this number is about is on its way. */
static bool at_page(const struct answer *a) {
  const struct fax_progress *p = &fax_t30_result(a->caller)->progress;
  return p->phase == FAX_PHASE_PAGE && p->pages_confirmed + 1 == a->n;
}

/* The sender says in which phase the call is: it has heard all that belongs
   before. In the first one the answer tone is all that it hears. */
static bool falls_silent(const struct answer *a) {
  if (a->number->act != ACT_SILENT) return false;
  if (a->n == FAX_PHASE_CONNECTED) return a->blocks > TONE;
  return fax_t30_result(a->caller)->progress.phase >= a->n;
}

static void look(struct answer *a) {
  a->blocks++;
  if (falls_silent(a)) a->silent = true;
  bool page = at_page(a);
  if (!page && a->page_blocks > 0) a->rejections++;
  a->page_blocks = page ? a->page_blocks + 1 : 0;
}

static bool is_late(const struct answer *a) {
  return a->blocks < (int64_t)a->number->silent_for * SECOND;
}

void answer_speak(struct answer *a, int16_t *block) {
  look(a);
  if (a->machine == NULL)
    voice_speak(&a->voice, block);
  else if (!is_late(a))
    fax_t30_audio_out(a->machine, block, CHANNEL_BLOCK);
  if (a->silent || (a->machine != NULL && is_late(a)))
    memset(block, 0, CHANNEL_BLOCK * sizeof *block);
}

/* Its machine says RTN when too many rows are bad. Every other 5 ms are upside
   down: the modem keeps the carrier, and hardly a row is right. */
static bool is_spoiled(const struct answer *a) {
  enum test_act act = a->number->act;
  return (act == ACT_REFUSE || (act == ACT_REJECT && a->rejections == 0)) &&
         a->page_blocks > SPOIL_AT;
}

void answer_hear(struct answer *a, int16_t *block) {
  if (a->machine == NULL || is_late(a)) return;
  if (is_spoiled(a))
    for (int i = 0; i < CHANNEL_BLOCK; i++)
      if (i / SPOIL_TURN % 2 == 0) block[i] = clip(-block[i]);
  fax_t30_audio_in(a->machine, block, CHANNEL_BLOCK);
}

void answer_guide(struct answer *a, struct t38_side *side) {
  look(a);
  side->silent = a->silent;
  side->spoiled = is_spoiled(a);
}

bool answer_hangs_up(const struct answer *a) {
  if (a->number->act == ACT_GOODBYE) return a->blocks > GOODBYE;
  return a->number->act == ACT_DROP && a->page_blocks > DROP_AT;
}

/* Whoever was told RTN ends the call himself. */
bool answer_stays(const struct answer *a) {
  enum test_act act = a->number->act;
  return act == ACT_VOICE || act == ACT_REJECT || act == ACT_REFUSE ||
         a->silent;
}
