/* SPDX-License-Identifier: MIT
   The socket of a service, before it listens there. The one in the directory is
   guarded by the directory's lock; another path is not, and what is there may
   be anything. */
#include "api/door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"

/* A manager's sockets block, and whoever asked for a connection may have gone
   when it is accepted: the listener would wait for the next one. */
static DWORD never_block(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
    return error_errno(errno, "descriptor %d, to listen on", fd);
  return ERROR_SUCCESS;
}

/* One that cannot be asked is left to bind. */
static bool somebody_listens(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return false;
  memcpy(address.sun_path, path, strlen(path));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  bool answers =
      connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ||
      errno == EAGAIN; /* too many wait there */
  close(fd);
  return answers;
}

static DWORD is_free(const char *path) {
  struct stat found;
  if (lstat(path, &found) != 0) return ERROR_SUCCESS;
  if (!S_ISSOCK(found.st_mode))
    return error_say(ERROR_ALREADY_EXISTS,
                     "%s: is there, and is no socket; name another path, or "
                     "remove it",
                     path);
  if (somebody_listens(path))
    return error_say(ERROR_ALREADY_EXISTS,
                     "%s: another server listens there; name another path",
                     path);
  return ERROR_SUCCESS;
}

DWORD door_ready(const struct fax_service_config *config) {
  if (config->listen_fd >= 0) return never_block(config->listen_fd);
  if (config->socket == NULL || *config->socket == '\0') return ERROR_SUCCESS;
  return is_free(config->socket);
}
