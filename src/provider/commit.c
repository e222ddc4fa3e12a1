/* SPDX-License-Identifier: MIT
   The end of a page: noted durably before it is said to the other machine. The
   provider asks, in the order of what else it tells; the service answers when
   it is on the disk. */
#include "base/error.h"
#include "base/mem.h"
#include "provider/own.h"

/* With the lock. */
static bool is_safe(const struct fax_op *op, DWORD page) {
  return op->safe == page;
}

/* FAX_UNKNOWN is none. */
static DWORD check(DWORD page) {
  if (page != FAX_UNKNOWN) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "there is no page %u", page);
}

DWORD op_commit(struct fax_op *op, DWORD page) {
  DWORD error = check(page);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&op->lock);
  bool open = !op->ended && op->provider != NULL && op->asked != page;
  struct telling *t = open ? telling_new() : NULL;
  if (t != NULL) {
    t->kind = TELL_COMMIT;
    t->page = page;
    op->asked = page;
    op->refused = ERROR_SUCCESS;
    list_append(&op->due, &t->link);
  }
  pthread_mutex_unlock(&op->lock);
  if (t != NULL) op_deliver(op);
  return open && t == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
}

BOOL fax_op_commit(struct fax_op *op, DWORD page) {
  DWORD error = op_commit(op, page);
  if (error == ERROR_SUCCESS) return TRUE;
  FaxSetLastError(error);
  return FALSE;
}

BOOL fax_op_committed(const struct fax_op *op, DWORD page) {
  struct fax_op *locked = (struct fax_op *)op;
  pthread_mutex_lock(&locked->lock);
  bool safe = is_safe(op, page);
  pthread_mutex_unlock(&locked->lock);
  return safe;
}

/* With the lock. */
static DWORD state_of(const struct fax_op *op, DWORD page) {
  if (is_safe(op, page)) return ERROR_SUCCESS;
  if (op->aborted || op->ended)
    return error_say(ERROR_OPERATION_ABORTED, "the operation is to be ended");
  if (op->asked == page && op->refused != ERROR_SUCCESS)
    return error_say(op->refused, "the end of page %u cannot be noted", page);
  return WAIT_TIMEOUT;
}

DWORD op_await(struct fax_op *op, DWORD page, fax_deadline until) {
  DWORD error = check(page);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&op->lock);
  while ((error = state_of(op, page)) == WAIT_TIMEOUT)
    if (!clock_cond_wait(&op->changed, &op->lock, until)) break;
  pthread_mutex_unlock(&op->lock);
  if (error != WAIT_TIMEOUT) return error;
  return error_say(WAIT_TIMEOUT, "the end of page %u is not on the disk yet",
                   page);
}

void op_committed(struct fax_op *op, DWORD page, DWORD error) {
  pthread_mutex_lock(&op->lock);
  bool news = op->asked == page && !op->ended;
  if (news && error == ERROR_SUCCESS) op->safe = page;
  if (news) op->refused = error;
  clock_cond_broadcast(&op->changed);
  struct fax_provider *p = news ? mem_ref(op->provider) : NULL;
  pthread_mutex_unlock(&op->lock);
  if (p == NULL) return;
  if (p->ops->committed != NULL) p->ops->committed(p, op, page, error);
  mem_unref(p);
}
