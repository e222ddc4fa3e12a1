/* SPDX-License-Identifier: MIT
   Providers that were registered: kept in providers.json of the state directory
   and loaded by every service that starts there (FSP-16). For the files of this
   folder and for the start of a service. */
#ifndef FAX_SERVICE_REGISTRATION_REGISTRATION_H
#define FAX_SERVICE_REGISTRATION_REGISTRATION_H

#include "base/arena.h"
#include "service/state.h"

struct registration {
  const char *name; /* unique; as that of a configured provider */
  const char *friendly_name;
  const char *image; /* absolute, with %NAME% as it was given */
};

/* The whole file, described as a record. */
struct registrations {
  DWORD version; /* REGISTRATION_VERSION */
  DWORD count;
  struct registration *providers;
};
#define REGISTRATION_VERSION 1

/* The registrations of a directory. No file: none. ERROR_REGISTRY_CORRUPT: the
   message names the file and what is wrong with it. */
DWORD registration_read(const char *directory, struct arena *a,
                        struct registrations *out);

/* The same with the right to replace them, for one writer at a time. */
struct registry {
  char *directory;
  int lock; /* a locked descriptor */
  struct arena arena;
  struct registrations list;
};

/* Of the service of this process, else of the one that would be started; waits
   `seconds` of the machine's time for another writer. ERROR_BUSY: too few.
   Gives what registry_close takes. */
DWORD registry_open(struct registry *r, double seconds);
/* Replaces the file as a whole, durably; the old one stays on failure. */
DWORD registry_write(const struct registry *r);
void registry_close(struct registry *r);
#define REGISTRY_SECONDS 5

/* Its place in the list, list.count when it is not there. */
DWORD registry_find(const struct registry *r, const char *name);

/* The path of an image, with the variables of the environment put in; what is
   no variable stays as it is. Gives the path. ERROR_FILE_NOT_FOUND: there is no
   such file. ERROR_INVALID_PARAMETER: it is not absolute, or too long. */
DWORD registration_image(const char *image, char **path_out);

/* Loads what is registered and not configured. One that fails is logged and
   left out (FSP-9); ERROR_REGISTRY_CORRUPT and no memory end the start. */
DWORD registration_load(struct service *s);

#endif
