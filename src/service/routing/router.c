/* SPDX-License-Identifier: MIT
   The router's thread: takes a reception whose call is over, looks at what is
   in its file, and stores it in the inbox under its final name; then, and again
   when that failed, it routes what is whole. On its own thread because disks
   are slow, and no line waits for it. */
#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "document/document.h"
#include "service/archive/archive.h"
#include "service/routing/inbox.h"
#include "service/routing/method.h"
#include "store/store.h"

/* What was found of a reception and done with it, without the lock. */
struct stored {
  DWORD pages; /* that can be read */
  DWORDLONG bytes;
  bool complete;
  bool kept;      /* the file stays, in the inbox or where it was */
  char *path;     /* where it lies now; NULL: nothing was kept, or no memory */
  bool published; /* in the inbox */
};

static char *final_name(const struct service *s, const struct job *j,
                        bool complete) {
  char text[32];
  time_t seconds = (time_t)(FaxClockWall() / FAX_SECOND);
  struct tm tm;
  gmtime_r(&seconds, &tm);
  strftime(text, sizeof text, "%Y%m%d-%H%M%S", &tm);
  return mem_format("%s/%s-%llx-%u-%u%s.tif", s->inbox, text,
                    (unsigned long long)s->boot, j->device_id, j->id,
                    complete ? "" : INBOX_INCOMPLETE);
}

/* What lies in the inbox has a record: that of its call was handed to the store
   when the call was over. */
static DWORD publish(const struct service *s, const struct job *j,
                     struct stored *out) {
  char *path = final_name(s, j, out->complete);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  store_catch_up(s->store);
  DWORD error = document_publish(j->document->path, path);
  if (error != ERROR_SUCCESS) {
    mem_free(path);
    return error;
  }
  out->path = path;
  out->kept = out->published = true;
  return ERROR_SUCCESS;
}

/* Nothing that came over the line is thrown away unless the user wished it: a
   file that cannot be read, or stored, stays where it is. */
static void store(const struct service *s, const struct job *j, bool discard,
                  struct stored *out) {
  struct document_info info = {0};
  struct stat st;
  if (document_inspect(j->document->path, &info) == ERROR_SUCCESS) {
    out->pages = info.pages;
    out->bytes = info.bytes;
  }
  out->complete = j->complete && out->pages > 0 && out->pages >= j->confirmed;
  if (discard ||
      (out->pages == 0 && stat(j->document->path, &st) == 0 && st.st_size == 0))
    return;
  if (out->pages > 0 && publish(s, j, out) == ERROR_SUCCESS) return;
  log_line(LOG_INBOUND, FAX_LOG_ERROR, "routing", "job %u: kept as %s: %s",
           j->id, j->document->path, error_message());
  out->kept = true;
  out->path = mem_text(j->document->path);
  out->complete = false;
}

static DWORD outcome_of(const struct job *j, const struct stored *found) {
  if (found->complete) return FAX_OUTCOME_COMPLETED;
  if (j->state == JOB_CANCELING) return FAX_OUTCOME_CANCELLED; /* JOB-64 */
  return found->pages > 0 ? FAX_OUTCOME_INCOMPLETE : FAX_OUTCOME_FAILED;
}

/* The job is decided. What is whole stays, to be routed. */
static struct document *decide(struct service *s, struct job *j,
                               struct stored *found) {
  j->pages = found->pages;
  j->bytes = found->bytes;
  j->complete = found->complete;
  j->path = found->path;
  j->document->keep = found->kept;
  j->finished = FaxClockWall();
  DWORD outcome = outcome_of(j, found);
  j->outcome = outcome;
  if (found->published) archive_received(s, j);
  if (found->published) event_raise(s, FEI_FAX_RECEIVED, j, NULL);
  if (outcome == FAX_OUTCOME_INCOMPLETE) { /* JOB-28, FSP-50 */
    j->type = JT_FAIL_RECEIVE;
    j->state = JOB_FAILED;
    job_rest(s, j);
    job_save(s, j);
    log_line(LOG_INBOUND, FAX_LOG_WARN, "routing",
             "incomplete job=%u pages=%u path=%s", j->id, j->pages, j->path);
  } else if (outcome != FAX_OUTCOME_COMPLETED) {
    return job_finish(s, j, outcome);
  }
  return NULL;
}

void routing_again(struct service *s, struct job *j) {
  bool stored = j->outcome != FAX_OUTCOME_PENDING;
  list_append(stored ? &s->delivering : &s->routing, &j->routing_link);
  mem_ref(j); /* the router's */
  s->active++;
  service_changed(s);
}

/* Lets go of the lock for the disk. */
static struct document *take(struct service *s, struct job *j) {
  struct stored found = {0};
  bool discard = j->state == JOB_CANCELING;
  pthread_mutex_unlock(&s->lock);
  store(s, j, discard, &found);
  pthread_mutex_lock(&s->lock);
  return decide(s, j, &found);
}

/* With the lock; lets go of it. What was received whole goes on to the
   deliverer. */
static void route(struct service *s, struct job *j) {
  event_raise(s, FEI_ROUTING, j, NULL);
  struct document *gone = take(s, j);
  if (j->state == JOB_ROUTING && routing_wanted(s, j)) {
    job_save(s, j);
    routing_again(s, j);
  } else if (j->state == JOB_ROUTING) {
    gone = job_finish(s, j, j->outcome);
  }
  routing_leave(s, j, gone);
}

void routing_run(void *service) {
  struct service *s = service;
  pthread_mutex_lock(&s->lock);
  for (;;) {
    if (!list_empty(&s->routing)) {
      struct job *j = list_entry(s->routing.next, struct job, routing_link);
      list_remove(&j->routing_link);
      route(s, j);
    } else if (s->router_stop) {
      break;
    } else {
      clock_cond_wait(&s->arrived, &s->lock, FAX_FOREVER);
    }
  }
  pthread_mutex_unlock(&s->lock);
}
