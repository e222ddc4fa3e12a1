/* SPDX-License-Identifier: MIT
   Lines and the jobs they are offered: those that any port may take with the
   service, those for a group of ports with the group, those for one port with
   the port. */
#include "service/schedule/schedule.h"

struct job_lines *lines_of(struct service *s, const struct job *j) {
  if (j->only != NULL) return &j->only->lines;
  if (j->number->group != DIALLING_ANY) return &s->groups[j->number->group];
  return &s->lines;
}

void line_taken(struct port *p) {
  if (p->share != NULL) p->share->calls++;
}

void line_given_back(struct port *p) {
  if (p->share != NULL) p->share->calls--;
}

bool line_may_send(const struct port *p) {
  const struct line_share *share = p->share;
  return (p->flags & FPF_SEND) != 0 && port_free(p) && !p->ringing &&
         (share == NULL || share->calls < share->most);
}

bool port_is_in(const struct port *p, DWORD group) {
  return group == DIALLING_ANY || (p->groups >> group & 1) != 0;
}

/* PORT-33: the free sending port of the best rank, of a group or of all. */
static struct port *best_line(const struct service *s, DWORD group) {
  struct port *best = NULL;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (port_is_in(p, group) && line_may_send(p) &&
        (best == NULL || p->priority < best->priority))
      best = p;
  }
  return best;
}

struct choice {
  struct job *job;
  struct port *port;
};

/* JOB-46: the oldest first; one that lines were refused to goes behind those
   that were there by then, or it would keep the lines from them for ever. */
static void consider(struct choice *best, const struct job_turns *order,
                     struct port *p) {
  struct job *j = RB_MIN(job_turns, (struct job_turns *)order);
  if (j != NULL && (best->job == NULL || turn_order(j, best->job) < 0))
    *best = (struct choice){j, p};
}

static void consider_both(struct choice *best, const struct job_lines *lines,
                          struct port *p, bool discount) {
  consider(best, &lines->now, p);
  if (discount) consider(best, &lines->discount, p);
}

/* The discount period is on; else, when jobs wait for it, *next_inout comes
   down to its beginning. */
static bool discount_now(const struct service *s, fax_deadline now,
                         fax_deadline *next_inout) {
  int64_t wall = FaxClockWall(), change;
  if (discount_open(s->configuration->record, wall, &change)) return true;
  sooner_by_date(next_inout, now, wall, change);
  return false;
}

static bool any_discounted(const struct service *s) {
  if (!RB_EMPTY(&s->lines.discount)) return true;
  for (DWORD i = 0; i < dialling_group_count(s->dialling); i++)
    if (!RB_EMPTY(&s->groups[i].discount)) return true;
  list_each(link, &s->ports) if (!RB_EMPTY(&list_entry(link, struct port, link)
                                                ->lines.discount)) return true;
  return false;
}

/* Those for a group whose ports are all taken are not looked at. */
static void consider_groups(struct choice *best, const struct service *s,
                            bool discount) {
  for (DWORD i = 0; i < dialling_group_count(s->dialling); i++) {
    const struct job_lines *lines = &s->groups[i];
    if (RB_EMPTY(&lines->now) && RB_EMPTY(&lines->discount)) continue;
    struct port *p = best_line(s, i);
    if (p != NULL) consider_both(best, lines, p, discount);
  }
}

bool wait_next(struct service *s, fax_deadline now, fax_deadline *next_inout,
               struct job **job_out, struct port **port_out) {
  struct choice best = {NULL, NULL};
  struct port *any = best_line(s, DIALLING_ANY);
  if (s->configuration->record->PauseServerQueue || any == NULL) return false;
  bool discount = any_discounted(s) && discount_now(s, now, next_inout);
  consider_both(&best, &s->lines, any, discount);
  consider_groups(&best, s, discount);
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (line_may_send(p)) consider_both(&best, &p->lines, p, discount);
  }
  if (best.job == NULL) return false;
  *job_out = best.job;
  *port_out = best.port;
  return true;
}

bool wait_any_line(const struct service *s) {
  return best_line(s, DIALLING_ANY) != NULL;
}

bool wait_lacks_line(const struct service *s, const struct job *j,
                     bool any_line) {
  const FAX_CONFIGURATION *config = s->configuration->record;
  int64_t change;
  if (j->wait != WAIT_LINE && j->wait != WAIT_DISCOUNT) return false;
  if (config->PauseServerQueue || !number_is_free(s, j->number)) return false;
  if (j->wait == WAIT_DISCOUNT &&
      !discount_open(config, FaxClockWall(), &change))
    return false;
  if (j->only != NULL) return !line_may_send(j->only);
  if (j->number->group == DIALLING_ANY) return !any_line;
  return best_line(s, j->number->group) == NULL;
}
