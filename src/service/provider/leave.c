/* SPDX-License-Identifier: MIT
   The end of providers: of one that was detached, on a thread of its own,
   because FaxDevShutdown may take its time; of all, when the service stops. */
#include "base/thread.h"
#include "service/provider/hosted.h"
#include "service/registration/registration.h"

/* ---- one ---- */

/* What a thread that ends one holds. */
struct leaver {
  struct service *service;
  struct hosted *hosted;
};

static void leaver_free(struct leaver *l) {
  mem_unref(l->hosted);
  mem_unref(l->service);
  mem_free(l);
}

/* One that does not come back is waited for: its module is in use, and it may
   come back yet. */
static void end(struct service *s, struct hosted *h) {
  pthread_mutex_lock(&s->lock);
  DWORD limit = s->config.abort_limit;
  pthread_mutex_unlock(&s->lock);
  if (!provider_stop(h->provider, clock_after(FaxClockNow(), limit))) {
    log_line(LOG_INIT, FAX_LOG_ERROR, "service",
             "provider %s does not end; it stays in memory", h->name);
    provider_notice_post(&h->notice, ERROR_TIMEOUT);
    provider_stop(h->provider, FAX_FOREVER);
  }
  log_line(LOG_INIT, FAX_LOG_INFO, "service", "unloaded provider=%s", h->name);
  provider_notice_post(&h->notice, ERROR_SUCCESS);
}

static void run(void *arg) {
  struct leaver *l = arg;
  struct service *s = l->service;
  end(s, l->hosted);
  registration_load_waiting(s); /* one may wait for its module */
  pthread_mutex_lock(&s->lock);
  l->hosted->ended = true;
  s->providers_busy--;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
  leaver_free(l);
}

static DWORD start(struct service *s, struct hosted *h) {
  struct leaver *l = mem_alloc(sizeof *l);
  if (l == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *l = (struct leaver){mem_ref(s), mem_ref(h)};
  DWORD error = thread_start(&h->ender, "fax-unload", run, l);
  if (error != ERROR_SUCCESS) leaver_free(l);
  return error;
}

/* With the lock, which it lets go of. */
static void start_ending(struct service *s, struct hosted *h) {
  h->ending = true;
  s->providers_busy++;
  pthread_mutex_unlock(&s->lock);
  DWORD error = start(s, h);
  pthread_mutex_lock(&s->lock);
  if (error == ERROR_SUCCESS) return;
  h->ending = false;
  h->not_before = clock_after(FaxClockNow(), MEMORY_PAUSE);
  s->providers_busy--;
}

/* The same; out of the list. False: it did not end by then. */
static bool remove_one(struct service *s, struct hosted *h,
                       fax_deadline until) {
  bool ended = h->ended, gone = ended;
  list_remove(&h->link);
  if (h->leaving) s->providers_leaving--;
  pthread_mutex_unlock(&s->lock);
  if (ended) {
    thread_join(h->ender);
  } else if (h->ending) {
    thread_let_go(h->ender);
  } else {
    gone = provider_stop(h->provider, until);
    provider_notice_post(&h->notice, gone ? ERROR_SUCCESS : ERROR_TIMEOUT);
  }
  pthread_mutex_lock(&s->lock);
  return gone;
}

/* ---- those that have left ---- */

static bool has_port(const struct service *s, const struct hosted *h) {
  list_each(link, &s->ports) {
    const struct port *p = list_entry(link, struct port, link);
    if (p->provider == h->provider) return true;
  }
  return false;
}

/* One that only a program ends needs no thread: it is told. */
static bool may_end(const struct service *s, struct hosted *h, fax_deadline now,
                    fax_deadline *next_inout) {
  if (h->provider == NULL || h->ending || has_port(s, h)) return h->ended;
  if (h->not_before > now) sooner(next_inout, h->not_before);
  return h->not_before <= now;
}

bool hosted_leave_step(struct service *s, fax_deadline now,
                       fax_deadline *next_inout) {
  if (s->providers_leaving == 0) return false;
  list_each(link, &s->providers) {
    struct hosted *h = list_entry(link, struct hosted, link);
    if (!h->leaving || !may_end(s, h, now, next_inout)) continue;
    if (h->ended || h->origin == FAX_PROVIDER_ATTACHED) {
      remove_one(s, h, now);
      pthread_mutex_unlock(&s->lock);
      mem_unref(h);
      pthread_mutex_lock(&s->lock);
    } else {
      start_ending(s, h);
    }
    return true;
  }
  return false;
}

/* ---- all ---- */

/* With the lock. */
static struct hosted *next_of_all(struct service *s, bool ending) {
  list_each(link, &s->providers) {
    struct hosted *h = list_entry(link, struct hosted, link);
    if (h->ending == ending && h->provider != NULL) return h;
  }
  return NULL;
}

/* With the lock, which it lets go of. */
static void remove_all(struct service *s, bool ending, fax_deadline until,
                       stuck_fn *stuck) {
  struct hosted *h;
  while ((h = next_of_all(s, ending)) != NULL) {
    if (!remove_one(s, h, until)) stuck(s, h->name);
    pthread_mutex_unlock(&s->lock);
    mem_unref(h);
    pthread_mutex_lock(&s->lock);
  }
}

/* First those that nobody ends yet; the threads that load or end one have the
   same time. */
void hosted_end_all(struct service *s, fax_deadline until, stuck_fn *stuck) {
  pthread_mutex_lock(&s->lock);
  remove_all(s, false, until, stuck);
  while (s->providers_busy != 0)
    if (!clock_cond_wait(&s->changed, &s->lock, until)) break;
  remove_all(s, true, until, stuck);
  list_each(link, &s->providers)
      stuck(s, list_entry(link, struct hosted, link)->name);
  pthread_mutex_unlock(&s->lock);
}
