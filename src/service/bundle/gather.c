/* SPDX-License-Identifier: MIT
   Which jobs go together in a call: those behind the next one of a number that
   the same line may take now, of which the provider would be told the same. The
   pages of each become the document of the call, made without the lock and
   looked at again with it. */
#include "service/attempt/attempt.h"
#include "service/bundle/bundle.h"
#include "service/provider/hosted.h"
#include "service/schedule/number.h"

/* So many of those behind are looked at. */
#define LOOKED_AT 200

static void bundle_destroy(void *object) {
  struct bundle *b = object;
  for (DWORD i = 0; i < b->count; i++) {
    mem_unref(b->parts[i].job);
    mem_unref(b->parts[i].source);
  }
  mem_unref(b->document);
}

static struct bundle *bundle_new(DWORD room) {
  size_t size = sizeof(struct bundle) + room * sizeof(struct bundle_part);
  return mem_new(size, bundle_destroy);
}

static void add(struct bundle *b, struct job *j) {
  DWORD before = 0;
  if (b->count != 0) {
    const struct share *last = &b->parts[b->count - 1].share;
    before = last->before + last->pages;
  }
  b->parts[b->count++] =
      (struct bundle_part){.job = mem_ref(j),
                           .share = {.before = before,
                                     .first = j->confirmed + 1,
                                     .pages = j->pages - j->confirmed}};
}

/* ---- which ---- */

/* A header line has the number of its page in the call. What a call's end means
   to each of its jobs can be told only by what a provider notes and counts. */
static bool is_wanted(struct service *s, const struct port *p) {
  return s->config.batch > 1 && !s->configuration->record->Branding &&
         hosted_counts(s, p->provider);
}

static bool goes_with(const struct service *s, const struct job *lead,
                      const struct job *j, const struct port *p) {
  return j->number == lead->number && j->wait == lead->wait &&
         j->only == lead->only && j->pages > j->confirmed &&
         (j->deadline == 0 || j->deadline > FaxClockWall()) &&
         attempt_orders_alike(s, lead, j, p);
}

/* False: the lock was let go of. */
static bool collect(struct service *s, struct job *lead, const struct port *p,
                    struct bundle *b) {
  struct job *j = lead;
  add(b, lead);
  for (int n = 0; n < LOOKED_AT && b->count < s->config.batch; n++) {
    if ((j = number_next(j)) == NULL) break;
    if (!goes_with(s, lead, j, p)) continue;
    if (!document_looked_at(s, j->document)) return false;
    if (j->document->sound) add(b, j); /* else it is given up in its turn */
  }
  return true;
}

/* What was made may be what is wanted still: jobs that came meanwhile go with
   another call. */
static bool holds(const struct service *s, const struct bundle *b,
                  const struct job *lead, const struct port *p) {
  if (b == NULL || b->parts[0].job != lead) return false;
  for (DWORD i = 0; i < b->count; i++) {
    const struct job *j = b->parts[i].job;
    if (b->parts[i].share.first != j->confirmed + 1) return false;
    if (i > 0 && !goes_with(s, lead, j, p)) return false;
  }
  return true;
}

/* ---- the document ---- */

static void cut(struct bundle *b, DWORD count) {
  while (b->count > count) {
    struct bundle_part *last = &b->parts[--b->count];
    mem_unref(last->job);
    mem_unref(last->source);
  }
}

static DWORD join(struct bundle *b, const char *path) {
  DWORD joined = 0;
  struct document_part *parts = mem_alloc(b->count * sizeof *parts);
  if (parts == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < b->count; i++)
    parts[i] = (struct document_part){.path = b->parts[i].source->path,
                                      .first = b->parts[i].share.first,
                                      .pages = b->parts[i].share.pages};
  DWORD error = document_join(parts, b->count, path, &joined);
  mem_free(parts);
  if (error == ERROR_SUCCESS) cut(b, joined);
  return error;
}

/* Without the lock. Without a file for all of them the first goes alone. */
static void make(struct bundle *b, char *path) {
  DWORD error = document_new(0, path, &b->document);
  if (error == ERROR_SUCCESS) error = join(b, b->document->path);
  if (error == ERROR_SUCCESS) {
    b->document->keep = false;
    return;
  }
  log_line(
      LOG_OUTBOUND, FAX_LOG_WARN, "job",
      "is sent in a call of its own, because those behind cannot be joined "
      "to it job=%u: %s",
      b->parts[0].job->id, error_message());
  cut(b, 1);
}

/* Lets go of the lock. */
static void prepare(struct service *s, struct bundle *b) {
  char *path = mem_format("%s/call-%llx-%u.tif", s->spool,
                          (unsigned long long)s->boot, s->next_bundle++);
  for (DWORD i = 0; i < b->count; i++)
    b->parts[i].source = mem_ref(b->parts[i].job->document);
  pthread_mutex_unlock(&s->lock);
  make(b, path);
  for (DWORD i = 0; i < b->count; i++)
    b->parts[i].source = mem_unref(b->parts[i].source);
  pthread_mutex_lock(&s->lock);
  struct bundle *old = s->bundle;
  s->bundle = b;
  bundle_drop(s, old);
}

/* ---- both ---- */

/* As bundle_ready, when there is none that holds. */
static bool gather(struct service *s, struct job *j, struct port *p) {
  struct bundle *b = bundle_new(s->config.batch);
  if (b == NULL) return true;
  bool looked = collect(s, j, p, b);
  if (looked && b->count == 1) {
    mem_unref(b); /* the queue has the job, too */
    return true;
  }
  if (looked)
    prepare(s, b);
  else
    bundle_drop(s, b);
  return false;
}

bool bundle_ready(struct service *s, struct job *j, struct port *p,
                  struct bundle **bundle_out) {
  *bundle_out = NULL;
  if (!is_wanted(s, p)) return true;
  if (!holds(s, s->bundle, j, p)) return gather(s, j, p);
  struct bundle *b = s->bundle;
  s->bundle = NULL;
  *bundle_out = b;
  return true;
}
