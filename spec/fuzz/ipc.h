/* SPDX-License-Identifier: MIT
   A live service, and clients that say anything to it. A round is one
   connection: it says some hundred things without waiting for answers, with
   descriptors among them, and reads until the server closes. The service must
   live, and in the end be what it was. */
#ifndef FAX_SPEC_FUZZ_IPC_H
#define FAX_SPEC_FUZZ_IPC_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <fax/fax_clock.h>
#include <fax/fax_service.h>

#include "folder.h"
#include "ipc_say.h"

struct ipc_fuzz {
  char directory[FOLDER_SIZE];
  struct sockaddr_un address;
};

static inline void ipc_fuzz_open(struct ipc_fuzz *x) {
  struct fax_service_config config;
  memset(x, 0, sizeof *x);
  if (!folder_make(x->directory)) abort();
  x->address.sun_family = AF_UNIX;
  snprintf(x->address.sun_path, sizeof x->address.sun_path, "%s/fax.sock",
           x->directory);
  FaxServiceDefaults(&config);
  config.directory = x->directory;
  config.log_level = FAX_LOG_ERROR;
  if (!FaxServiceStart(&config)) {
    fprintf(stderr, "%s\n", FaxGetLastErrorMessage());
    abort();
  }
}

/* It still answers. */
static inline void ipc_fuzz_close(struct ipc_fuzz *x) {
  struct fax_connect connect = {.size = sizeof connect,
                                .rights = FAX_ALL_ACCESS,
                                .socket = x->address.sun_path};
  FAX_JOB_ENTRY *jobs;
  HANDLE handle;
  DWORD count;
  fax_deadline now = FaxClockNow();
  if (!FaxConnect(&connect, &handle)) abort();
  if (!FaxEnumJobs(handle, &jobs, &count)) abort();
  FaxFreeBuffer(jobs);
  FaxClose(handle);
  if (!FaxServiceStop(now + 30 * FAX_SECOND, now)) abort();
  folder_remove(x->directory);
}

static inline int ipc_fuzz_connect(const struct ipc_fuzz *x) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 ||
      connect(fd, (const struct sockaddr *)&x->address, sizeof x->address) != 0)
    abort();
  return fd;
}

/* With some descriptors now and then; how much was taken. -1: it is closed. */
static inline ssize_t ipc_fuzz_send(struct fuzz *f, int fd, const char *bytes,
                                    size_t length) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * 80)];
  } control;
  struct iovec part = {(char *)(uintptr_t)bytes, length};
  struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
  uint32_t n = fuzz_one_in(f, 20) ? 1 + fuzz_below(f, 3) : 0;
  if (fuzz_one_in(f, 500)) n = 60 + fuzz_below(f, 20);
  if (n != 0) {
    memset(&control, 0, sizeof control);
    m.msg_control = control.bytes;
    m.msg_controllen = CMSG_SPACE(sizeof(int) * n);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * n);
    for (uint32_t i = 0; i < n; i++)
      memcpy(CMSG_DATA(c) + i * sizeof(int), &(int){2}, sizeof(int));
  }
  ssize_t sent = sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 && errno == EAGAIN ? 0 : sent;
}

/* Reads and forgets. False: that was the end. */
static inline bool ipc_fuzz_read(int fd) {
  char some[16384];
  ssize_t n;
  do n = recv(fd, some, sizeof some, MSG_DONTWAIT);
  while (n > 0);
  return n < 0 && errno == EAGAIN;
}

static inline void ipc_fuzz_wait(int fd, short events) {
  struct pollfd one = {.fd = fd, .events = events};
  poll(&one, 1, -1);
}

static inline bool ipc_fuzz_write(struct fuzz *f, int fd, const char *bytes,
                                  size_t length) {
  while (length != 0) {
    size_t piece =
        fuzz_one_in(f, 10) ? 1 + fuzz_below(f, (uint32_t)length) : length;
    ssize_t n = ipc_fuzz_send(f, fd, bytes, piece);
    if (n < 0) return false;
    bytes += n;
    length -= (size_t)n;
    if (n == 0) ipc_fuzz_wait(fd, POLLIN | POLLOUT);
    if (!ipc_fuzz_read(fd)) return false;
  }
  return true;
}

static inline void ipc_fuzz_round(struct fuzz *f, void *arg) {
  static const char hello[] =
      "{\"method\":\"hello\",\"id\":0,\"params\":{\"versions\":[1,1]}}\n";
  static char bytes[IPC_ROOM];
  int fd = ipc_fuzz_connect(arg);
  bool open =
      fuzz_one_in(f, 20) || ipc_fuzz_write(f, fd, hello, sizeof hello - 1);
  for (uint32_t n = 1 + fuzz_below(f, 200); open && n > 0; n--) {
    f->runs++;
    open = ipc_fuzz_write(f, fd, bytes, ipc_say(f, bytes, sizeof bytes));
  }
  shutdown(fd, SHUT_WR);
  while (open && ipc_fuzz_read(fd)) ipc_fuzz_wait(fd, POLLIN);
  close(fd);
}

#endif
