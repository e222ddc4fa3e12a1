/* SPDX-License-Identifier: MIT
   The completion port: a list of chunks of packets, and an eventfd that is
   written when the list turns non-empty and read when it turns empty. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/completion_own.h"
#include "base/error.h"

/* ---- with the lock ---- */

static bool is_empty(const struct completion_port *p) {
  return p->head == NULL;
}

/* Both cannot fail: the counter is 0 or 1 and the descriptor is ours. */
static void raise_fd(struct completion_port *p) {
  ssize_t ignored = write(p->fd, &(uint64_t){1}, sizeof(uint64_t));
  (void)ignored;
}

static void lower_fd(struct completion_port *p) {
  uint64_t count;
  ssize_t ignored = read(p->fd, &count, sizeof count);
  (void)ignored;
}

static struct chunk *add_chunk(struct completion_port *p) {
  struct chunk *c = p->spare != NULL ? p->spare : mem_alloc(sizeof *c);

  if (c == NULL) return NULL;
  p->spare = NULL;
  c->next = NULL;
  c->first = c->end = 0;
  if (p->tail != NULL)
    p->tail->next = c;
  else
    p->head = c;
  p->tail = c;
  return c;
}

static void remove_head(struct completion_port *p) {
  struct chunk *c = p->head;

  p->head = c->next;
  if (p->head == NULL) p->tail = NULL;
  if (p->spare == NULL)
    p->spare = c;
  else
    mem_free(c);
}

static size_t detach(struct completion_port *p, struct fax_packet *out,
                     size_t max) {
  size_t taken = 0;

  while (taken < max && p->head != NULL) {
    struct chunk *c = p->head;
    size_t n = c->end - c->first;
    if (n > max - taken) n = max - taken;
    memcpy(out + taken, c->packets + c->first, n * sizeof *out);
    c->first += n;
    taken += n;
    if (c->first == c->end) remove_head(p);
  }
  p->taken += taken;
  if (p->tally != NULL) atomic_fetch_sub(&p->tally->waiting, taken);
  if (taken > 0 && is_empty(p) && !p->closed) lower_fd(p);
  return taken;
}

/* ---- life ---- */

static void port_destroy(void *object) {
  struct completion_port *p = object;
  struct fax_packet packet;

  completion_watches_end(&p->watches, false);
  while (p->drop != NULL && detach(p, &packet, 1) == 1) p->drop(packet);
  while (p->head != NULL) remove_head(p);
  mem_free(p->spare);
  if (p->tally != NULL) /* those that nobody drops */
    atomic_fetch_sub(&p->tally->waiting, (size_t)(p->posted - p->taken));
  mem_unref(p->tally);
  if (p->fd >= 0) close(p->fd);
  clock_cond_destroy(&p->filled);
  pthread_mutex_destroy(&p->lock);
}

DWORD completion_new(completion_drop_fn *drop,
                     struct completion_port **port_out) {
  struct completion_port *p = mem_new(sizeof *p, port_destroy);
  int number;

  if (p == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "completion port: out of memory");
  pthread_mutex_init(&p->lock, NULL);
  clock_cond_init(&p->filled);
  list_init(&p->watches);
  p->drop = drop;
  p->fd = -1;
  p->spare = mem_alloc(sizeof *p->spare);
  if (p->spare == NULL) {
    mem_unref(p);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "completion port: out of memory");
  }
  p->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (p->fd >= 0) {
    *port_out = p;
    return ERROR_SUCCESS;
  }
  number = errno;
  mem_unref(p);
  return error_errno(number, "completion port");
}

void completion_close(struct completion_port *p) {
  struct list left = {&left, &left};

  pthread_mutex_lock(&p->lock);
  completion_watches_due(&p->watches, UINT64_MAX, &left);
  if (!p->closed && is_empty(p)) raise_fd(p);
  p->closed = true;
  clock_cond_broadcast(&p->filled);
  pthread_mutex_unlock(&p->lock);
  completion_watches_end(&left, false);
}

/* Nothing is posted any more, and what is detached is ours alone. */
void completion_drop_all(struct completion_port *p) {
  struct fax_packet packets[CHUNK_PACKETS];
  size_t n;

  do {
    pthread_mutex_lock(&p->lock);
    n = p->closed ? detach(p, packets, CHUNK_PACKETS) : 0;
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; p->drop != NULL && i < n; i++) p->drop(packets[i]);
  } while (n > 0);
}

/* ---- use ---- */

/* With the lock. */
static DWORD append(struct completion_port *p, struct fax_packet packet) {
  struct chunk *c = p->tail;
  bool turns = is_empty(p);

  if (p->closed) return ERROR_ABANDONED_WAIT_0;
  if (c == NULL || c->end == CHUNK_PACKETS) c = add_chunk(p);
  if (c == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  c->packets[c->end++] = packet;
  p->posted++;
  if (p->tally != NULL) atomic_fetch_add(&p->tally->waiting, 1);
  if (turns) raise_fd(p);
  if (clock_is_virtual()) clock_cond_signal(&p->filled);
  return ERROR_SUCCESS;
}

DWORD completion_post(struct completion_port *p, struct fax_packet packet,
                      uint64_t *ticket_out) {
  DWORD code;

  pthread_mutex_lock(&p->lock);
  code = append(p, packet);
  if (code == ERROR_SUCCESS && ticket_out != NULL) *ticket_out = p->posted;
  pthread_mutex_unlock(&p->lock);
  if (code == ERROR_ABANDONED_WAIT_0)
    return error_say(code, "the completion port is closed");
  if (code != ERROR_SUCCESS)
    return error_say(code, "completion: out of memory");
  return code;
}

/* Without the lock, on the real clock: until the descriptor is readable. */
static DWORD wait_fd(struct completion_port *p, fax_deadline until) {
  struct pollfd fd = {.fd = p->fd, .events = POLLIN};
  struct timespec left, *limit = NULL;

  if (until != FAX_FOREVER) {
    fax_deadline rest = until - clock_now();
    if (rest < 0) rest = 0;
    left.tv_sec = rest / FAX_SECOND;
    left.tv_nsec = rest % FAX_SECOND;
    limit = &left;
  }
  if (ppoll(&fd, 1, limit, NULL) >= 0) return ERROR_SUCCESS;
  return errno == EINTR ? ERROR_OPERATION_ABORTED
                        : error_errno(errno, "completion port");
}

/* With the lock, which may be let go meanwhile; the port is empty and open.
   Success: it may not be empty any more. */
static DWORD wait_more(struct completion_port *p, fax_deadline until) {
  DWORD code;

  if (until <= 0 || until <= clock_now()) return WAIT_TIMEOUT;
  if (clock_is_virtual()) {
    clock_cond_wait(&p->filled, &p->lock, until);
    return ERROR_SUCCESS;
  }
  pthread_mutex_unlock(&p->lock);
  code = wait_fd(p, until);
  pthread_mutex_lock(&p->lock);
  return code;
}

DWORD completion_take(struct completion_port *p, struct fax_packet *out,
                      size_t max, fax_deadline until, size_t *taken_out) {
  DWORD code = ERROR_SUCCESS;
  struct list due = {&due, &due};

  *taken_out = 0;
  if (max == 0) return ERROR_INVALID_PARAMETER;
  pthread_mutex_lock(&p->lock);
  while (is_empty(p) && !p->closed && code == ERROR_SUCCESS)
    code = wait_more(p, until);
  if (!is_empty(p)) {
    *taken_out = detach(p, out, max);
    completion_watches_due(&p->watches, p->taken, &due);
    code = ERROR_SUCCESS;
  } else if (p->closed) {
    code = ERROR_ABANDONED_WAIT_0;
  }
  pthread_mutex_unlock(&p->lock);
  completion_watches_end(&due, true);
  return code;
}
