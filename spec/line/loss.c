/* SPDX-License-Identifier: MIT
   The loss matrix of T.38: with error correction and without, 0, 1 and 3
   packets of redundancy or parity, 0.1 to 20 % of the datagrams lost, 12 pages.
   A line a cell; it is bad when a call does not end, when a page that is not
   the one sent is called good, or when one is not exact that should be. `loss
   [SEEDS]`. */
#include "t38_pair.h"

#define PAGES 12
#define IN_TIME                                                \
  (1800L * T38_SECOND) /* a call of 12 pages takes about 330 s \
                        */

struct protection {
  const char *name;
  DWORD redundancy, entries, span;
};

static const struct protection protections[] = {{"redundancy 0", 0, 0, 0},
                                                {"redundancy 1", 1, 0, 0},
                                                {"redundancy 3", 3, 0, 0},
                                                {"parity 3x3", 0, 3, 3}};
static const double rates[] = {0.1, 0.5, 1, 2, 5, 10, 20};

struct cell {
  long calls, completed, exact, told, bad; /* told: damaged and said so */
  long longest;                            /* steps */
  DWORD bad_rows, lost;
  char cause[32]; /* the last one */
};

static DWORD exact_pages(const struct t38_pair *p, DWORD pages) {
  DWORD exact = 0;
  for (unsigned i = 0; i < pages; i++)
    exact += pages_same(p->source, i, p->target, i);
  return exact;
}

/* Every call: what is said of it is true. */
static bool is_honest(const struct t38_pair *p, bool ecm, DWORD exact) {
  const struct fax_t30_result *sent = t38_sent(p), *got = t38_got(p);
  DWORD pages = got->progress.pages_confirmed;
  if (sent->progress.pages_confirmed > pages) return false;
  if ((sent->status == FS_COMPLETED) !=
      (sent->progress.pages_confirmed == PAGES))
    return false;
  if (sent->status != FS_COMPLETED && sent->progress.cause == NULL)
    return false;
  if (ecm) return exact == pages;
  if (got->progress.quality == FAX_QUALITY_VERIFIED ||
      sent->progress.quality == FAX_QUALITY_VERIFIED)
    return false;
  return exact == pages || (got->progress.bad_rows >= pages - exact &&
                            got->progress.quality == FAX_QUALITY_DAMAGED);
}

static void add_call(struct cell *c, const struct t38_pair *p, bool ecm,
                     bool ended) {
  const struct fax_t30_result *sent = t38_sent(p), *got = t38_got(p);
  DWORD pages = ended ? got->progress.pages_confirmed : 0;
  DWORD exact = exact_pages(p, pages);
  bool whole = ended && sent->status == FS_COMPLETED;
  c->calls++;
  c->completed += whole;
  c->exact += whole && exact == PAGES;
  c->told +=
      whole && exact != PAGES && got->progress.quality == FAX_QUALITY_DAMAGED;
  c->bad += !ended || !is_honest(p, ecm, exact) || p->to_sender.overrun ||
            p->to_receiver.overrun;
  if (p->step > c->longest) c->longest = p->step;
  if (got->progress.bad_rows != FAX_UNKNOWN)
    c->bad_rows += got->progress.bad_rows;
  c->lost += got->lost_packets;
  if (sent->progress.cause != NULL)
    snprintf(c->cause, sizeof c->cause, "%s", sent->progress.cause);
}

static bool run_call(struct cell *c, const struct protection *by, bool ecm,
                     double rate, uint32_t seed) {
  struct t38_pair p;
  if (!t38_set_up(&p, seed)) return false;
  p.limit = IN_TIME;
  p.sender.config.ecm = ecm;
  t38_set_loss(&p, rate / 100);
  struct t38_end *ends[] = {&p.sender, &p.receiver};
  for (int i = 0; i < 2; i++) {
    ends[i]->udptl_config.redundancy = by->redundancy;
    ends[i]->udptl_config.fec_entries = by->entries;
    ends[i]->udptl_config.fec_span = by->span;
  }
  bool made = pages_make(p.source, PAGES_LETTER, PAGES, PAGES_A4_FINE, 196) &&
              t38_open_end(&p.sender) && t38_open_end(&p.receiver);
  if (made) {
    bool ended = t38_talk(&p);
    add_call(c, &p, ecm, ended);
  }
  t38_tear_down(&p);
  return made;
}

static long run_cell(const struct protection *by, bool ecm, double rate,
                     uint32_t seeds) {
  struct cell c;
  memset(&c, 0, sizeof c);
  for (uint32_t seed = 1; seed <= seeds; seed++)
    if (!run_call(&c, by, ecm, rate, seed)) c.bad++;
  if (ecm && by->redundancy == 3 && c.exact != c.calls) c.bad++;
  printf(
      "loss %-6s %-12s %4.1f %%: completed %ld of %ld, exact %ld, damaged "
      "and told %ld, bad %ld; packets lost %u, bad rows %u, longest %ld "
      "s%s%s\n",
      ecm ? "ECM" : "no ECM", by->name, rate, c.completed, c.calls, c.exact,
      c.told, c.bad, c.lost, c.bad_rows, c.longest / T38_SECOND,
      c.cause[0] != '\0' ? ", failed: " : "", c.cause);
  fflush(stdout);
  return c.bad;
}

int main(int argc, char **argv) {
  uint32_t seeds = argc > 1 ? (uint32_t)atol(argv[1]) : 10;
  long bad = 0;
  for (int ecm = 1; ecm >= 0; ecm--)
    for (size_t i = 0; i < sizeof protections / sizeof *protections; i++)
      for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
        bad += run_cell(&protections[i], ecm != 0, rates[r], seeds);
  printf("loss: %ld bad\n", bad);
  return bad != 0;
}
