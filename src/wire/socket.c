/* SPDX-License-Identifier: MIT
   See socket.h. */
#include "wire/socket.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

enum { CHUNK = 16384, PART = 1 << 20 };

/* Nobody waits for more seconds than these but for ever. */
#define FOREVER 2000000.0

/* Room for the descriptors of one message, aligned as the kernel wants it. */
union control {
  struct cmsghdr align;
  char bytes[CMSG_SPACE(sizeof(int) * WIRE_DESCRIPTORS)];
};

void wire_init(struct wire *w, int fd) {
  memset(w, 0, sizeof *w);
  w->fd = fd;
}

void wire_drop_descriptors(struct wire *w) {
  while (w->descriptor_count != 0) close(w->descriptors[--w->descriptor_count]);
}

void wire_close(struct wire *w) {
  int fd = w->fd;
  w->fd = -1; /* a fork in between must not close another's */
  if (fd >= 0) close(fd);
  wire_drop_descriptors(w);
  message_in_free(&w->in);
  message_out_free(&w->out);
}

static DWORD lost(void) {
  return error_say(RPC_S_CALL_FAILED, "the other side has gone");
}

/* ---- connecting ---- */

static DWORD cannot_connect(int number, const char *path) {
  if (number == EAGAIN)
    return error_say(ERROR_TIMEOUT, "%s: the fax server accepts nobody", path);
  if (number == ENOENT || number == ECONNREFUSED)
    return error_say(ERROR_FILE_NOT_FOUND, "%s: no fax server listens there",
                     path);
  return error_errno(number, "%s", path);
}

/* For a connect, too. */
static struct timeval time_of(double seconds) {
  struct timeval t = {.tv_sec = (time_t)seconds};
  t.tv_usec = (suseconds_t)((seconds - floor(seconds)) * 1e6);
  return t;
}

DWORD wire_connect(struct wire *w, const char *path, double seconds) {
  struct timeval patience = time_of(seconds);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path)
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: longer than a socket's name may be", path);
  memcpy(address.sun_path, path, strlen(path));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return error_errno(errno, "%s", path);
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) !=
          0 ||
      connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    DWORD error = cannot_connect(errno, path);
    close(fd);
    return error;
  }
  wire_init(w, fd);
  return ERROR_SUCCESS;
}

/* ---- waiting ---- */

double wire_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ERROR_SUCCESS when one of the events, or an error, is there. */
static DWORD wait_for(const struct wire *w, short events, double seconds) {
  struct pollfd one = {.fd = w->fd, .events = events};
  int ms = seconds >= FOREVER ? -1 : (int)(seconds * 1000);
  int n = poll(&one, 1, ms);
  if (n > 0) return ERROR_SUCCESS;
  if (n == 0) return error_say(ERROR_TIMEOUT, "the other side is silent");
  if (errno == EINTR)
    return error_say(ERROR_OPERATION_ABORTED, "a signal came");
  return error_errno(errno, "poll");
}

bool wire_closed(const struct wire *w) {
  struct pollfd one = {.fd = w->fd, .events = POLLRDHUP};
  if (poll(&one, 1, 0) <= 0) return false;
  return (one.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* ---- reading ---- */

static void drop(const int *list, size_t count) {
  for (size_t i = 0; i < count; i++) close(list[i]);
}

bool wire_spares(int fd) {
  struct rlimit l;
  if (getrlimit(RLIMIT_NOFILE, &l) != 0) return true;
  rlim_t kept = l.rlim_cur / 2 < WIRE_KEPT ? l.rlim_cur / 2 : WIRE_KEPT;
  return (rlim_t)fd < l.rlim_cur - kept;
}

static DWORD too_many(void) {
  return error_say(ERROR_INVALID_DATA, "more than %d descriptors came",
                   WIRE_DESCRIPTORS);
}

static DWORD check(const struct wire *w, const int *came, size_t count) {
  if (w->descriptor_count + count > WIRE_DESCRIPTORS) return too_many();
  for (size_t i = 0; i < count; i++)
    if (!wire_spares(came[i]))
      return error_say(ERROR_BUSY, "the process has no descriptors to spare");
  return ERROR_SUCCESS;
}

/* Keeps them, or closes all that came now. */
static DWORD keep(struct wire *w, const struct cmsghdr *c) {
  int came[WIRE_DESCRIPTORS];
  size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
  memcpy(came, CMSG_DATA(c), count * sizeof(int));
  DWORD error = check(w, came, count);
  if (error != ERROR_SUCCESS) {
    drop(came, count);
    return error;
  }
  memcpy(w->descriptors + w->descriptor_count, came, count * sizeof(int));
  w->descriptor_count += (unsigned)count;
  return ERROR_SUCCESS;
}

static DWORD keep_all(struct wire *w, struct msghdr *m) {
  DWORD error = ERROR_SUCCESS;
  if ((m->msg_flags & MSG_CTRUNC) != 0) error = too_many();
  for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    DWORD kept = keep(w, c);
    if (error == ERROR_SUCCESS) error = kept;
  }
  return error;
}

/* The socket itself waits so long: a poll before each read would cost as much
   as the read. Whole seconds, so that it is told seldom. */
static DWORD set_patience(struct wire *w, double seconds) {
  struct timeval t = {.tv_sec = 0}; /* for ever */
  if (seconds < FOREVER) t.tv_sec = (time_t)ceil(seconds);
  if (w->patience == t.tv_sec + 1) return ERROR_SUCCESS;
  if (setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) != 0)
    return error_errno(errno, "SO_RCVTIMEO");
  w->patience = t.tv_sec + 1;
  return ERROR_SUCCESS;
}

static DWORD failed(ssize_t n) {
  if (n == 0) return lost();
  if (errno == EAGAIN)
    return error_say(ERROR_TIMEOUT, "the other side is silent");
  if (errno == EINTR)
    return error_say(ERROR_OPERATION_ABORTED, "a signal came");
  return lost();
}

static DWORD receive(struct wire *w, int flags) {
  char chunk[CHUNK];
  union control control;
  struct iovec bytes = {chunk, sizeof chunk};
  struct msghdr m = {.msg_iov = &bytes,
                     .msg_iovlen = 1,
                     .msg_control = control.bytes,
                     .msg_controllen = sizeof control.bytes};
  ssize_t n = recvmsg(w->fd, &m, flags | MSG_CMSG_CLOEXEC);
  if (n <= 0) return failed(n);
  DWORD error = keep_all(w, &m);
  return error == ERROR_SUCCESS ? message_feed(&w->in, chunk, (size_t)n)
                                : error;
}

DWORD wire_receive(struct wire *w, double seconds) {
  if (seconds <= 0) return receive(w, MSG_DONTWAIT);
  DWORD error = set_patience(w, seconds);
  return error == ERROR_SUCCESS ? receive(w, 0) : error;
}

/* ---- writing ---- */

static ssize_t send_some(const struct wire *w, struct iovec bytes,
                         const int *list, unsigned count) {
  union control control = {.bytes = {0}};
  struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1};
  if (count != 0) {
    m.msg_control = control.bytes;
    m.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(c), list, sizeof(int) * count);
  }
  return sendmsg(w->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* `sent` counts those that have gone; each part of them has its own time. */
static DWORD send_all(const struct wire *w, struct iovec bytes, const int *list,
                      unsigned count, double seconds, size_t *sent) {
  double until = 0; /* not waited for so far */
  while (*sent < bytes.iov_len) {
    struct iovec left = {(char *)bytes.iov_base + *sent, bytes.iov_len - *sent};
    ssize_t n =
        send_some(w, left, *sent == 0 ? list : NULL, *sent == 0 ? count : 0);
    DWORD error = ERROR_SUCCESS;
    if (n > 0) {
      size_t parts = *sent / PART;
      *sent += (size_t)n;
      if (*sent / PART != parts) until = 0;
    } else if (n < 0 && errno == EAGAIN) {
      if (until == 0) until = wire_now() + seconds;
      error = wait_for(w, POLLOUT, fmax(until - wire_now(), 0));
    } else if (errno != EINTR) {
      return lost();
    }
    if (error != ERROR_SUCCESS && error != ERROR_OPERATION_ABORTED)
      return error;
  }
  return ERROR_SUCCESS;
}

DWORD wire_flush(struct wire *w, const int *list, unsigned count,
                 double seconds) {
  struct message_out *out = &w->out;
  size_t sent = 0;
  if (out->length == 0) return ERROR_SUCCESS;
  struct iovec bytes = {out->bytes + out->sent, out->length - out->sent};
  DWORD error = send_all(w, bytes, list, count, seconds, &sent);
  message_sent(out, sent);
  return error;
}

DWORD wire_send(struct wire *w, const void *bytes, size_t length,
                double seconds) {
  struct iovec all = {(void *)(uintptr_t)bytes, length};
  size_t sent = 0;
  DWORD error = wire_flush(w, NULL, 0, seconds);
  return error == ERROR_SUCCESS ? send_all(w, all, NULL, 0, seconds, &sent)
                                : error;
}
