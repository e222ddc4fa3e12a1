/* SPDX-License-Identifier: MIT
   Which page nobody knows about: its end was said to the other machine, or was
   about to be, and its confirmation did not come to be known here. */
#include <fax/faxdev.h>
#include <string.h>

#include "service/attempt/attempt.h"
#include "service/bundle/bundle.h"

/* What was confirmed by then lies before that page; 0: it does not fit. */
static DWORD first_of(const struct attempt *a, DWORD page) {
  DWORD confirmed = a->progress.pages_confirmed;
  if (confirmed == FAX_UNKNOWN) return page;
  return page > confirmed ? page - confirmed : 0;
}

/* `told` is a page of the call. One of a job that has its turn later, or has
   left the call, must not be finished: nobody could say whose it was. */
static DWORD note(struct attempt *a, DWORD told) {
  DWORD page = share_page(&a->share, told);
  if (page > a->job->pages) return ERROR_INVALID_PARAMETER;
  if (page != 0 && !share_has(&a->share, told)) return ERROR_OPERATION_ABORTED;
  /* Whoever was told to give up begins with no other page. */
  if (page != 0 && a->aborting) return ERROR_OPERATION_ABORTED;
  a->intent = page;
  if (page != 0 && a->first_noted == FAX_UNKNOWN)
    a->first_noted = first_of(a, page);
  if (attempt_save(a->service, a, told)) return ERROR_SUCCESS;
  return ERROR_NOT_ENOUGH_MEMORY;
}

/* Asked for on the provider's thread; the store's writer answers. */
void attempt_commit(void *attempt, DWORD page) {
  struct attempt *a = attempt;
  struct service *s = a->service;
  struct fax_op *op = fax_op_ref(a->op);
  bool answered = false;
  DWORD error = ERROR_SUCCESS; /* of a reception nothing is to be noted */
  pthread_mutex_lock(&s->lock);
  if (a->job->type == JT_SEND && s->store != NULL && !a->ended) {
    error = note(a, page);
    answered = error == ERROR_SUCCESS; /* by the store */
  }
  pthread_mutex_unlock(&s->lock);
  if (!answered) op_committed(op, page, error);
  fax_op_unref(op);
}

DWORD attempt_doubt(const struct attempt *a) {
  struct call_pages pages = attempt_pages(a);
  return pages_in_doubt(&pages, a->intent);
}

/* It did not end by itself: what it did last nobody tells. */
static bool was_lost(const struct attempt *a) {
  static const char *const words[] = {"provider_lost",  "provider_crashed",
                                      "provider_stuck", "provider_stopped",
                                      "provider_error", "stalled"};
  const char *cause =
      a->abort_cause != NULL ? a->abort_cause : a->progress.cause;
  if (a->status == FS_COMPLETED || a->status == FS_HANDLED || cause == NULL)
    return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(cause, words[i]) == 0) return true;
  return false;
}

/* A line that was not to be had sent nothing, nor did a provider that told of
   nothing, and noted nothing, before it was lost. */
static bool began(const struct attempt *a) {
  const struct fax_progress *p = &a->progress;
  if (a->job->type != JT_SEND || a->status == FS_LINE_UNAVAILABLE) return false;
  return a->dialled || a->intent != FAX_UNKNOWN || p->phase != FAX_UNKNOWN ||
         p->page != FAX_UNKNOWN || p->pages_confirmed != FAX_UNKNOWN;
}

DWORD attempt_left_doubt(const struct attempt *a) {
  return began(a) && was_lost(a) ? attempt_doubt(a) : 0;
}

char *doubt_sentence(const char *what, DWORD page, bool held) {
  const char *rest = held ? "; it is held until it is resumed" : "";
  if (page == 0) return mem_text(what);
  if (page == FAX_UNKNOWN)
    return mem_format(
        "%s: its provider does not say which page it was finishing, so pages "
        "may %s%s",
        what, held ? "have arrived" : "arrive twice", rest);
  return mem_format("%s: page %u may have arrived%s%s", what, page,
                    held ? "" : " twice", rest);
}

bool doubt_holds(const struct service *s, const struct job *j) {
  DWORD wish = j->on_doubt;
  if (wish == FAX_DOUBT_DEFAULT) wish = s->config.on_doubt;
  return wish == FAX_DOUBT_HOLD;
}
