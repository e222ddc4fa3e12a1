/* SPDX-License-Identifier: MIT
   Providers that were registered: kept in providers.json of the state directory
   and loaded by every service that starts there (FSP-16). For the files of this
   folder and for the start of a service. */
#ifndef FAX_SERVICE_REGISTRATION_REGISTRATION_H
#define FAX_SERVICE_REGISTRATION_REGISTRATION_H

#include "base/arena.h"
#include "service/provider/hosted.h"

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
  struct service *service; /* counted; NULL: none runs here */
  char *directory;
  int lock; /* a locked descriptor */
  struct arena arena;
  struct registrations list;
};

/* Of the service of this process, else of the one that would be started (or of
   `s`, when given); waits `seconds` of the machine's time for another writer.
   ERROR_BUSY: too few. Gives what registry_close takes. */
DWORD registry_open(struct registry *r, struct service *s, double seconds);
/* Replaces the file as a whole, durably; the old one stays on failure. */
DWORD registry_write(const struct registry *r);
/* Others may write; what was read stays until the close. */
void registry_unlock(struct registry *r);
void registry_close(struct registry *r);
#define REGISTRY_SECONDS 5

/* Its place in the list, list.count when it is not there. */
DWORD registry_find(const struct registry *r, const char *name);

/* The path of an image, with the variables of the environment put in; what is
   no variable stays as it is. Gives the path. ERROR_FILE_NOT_FOUND: there is no
   such file. ERROR_INVALID_PARAMETER: it is not absolute, or too long. */
DWORD registration_image(const char *image, char **path_out);

/* ---- into a service (FSP-9) ---- */

/* Takes a place for it, with the registry held, so that who takes it away then
   finds it; NULL: one of its name is there, or the service is stopping. Gives.
   Only a lack of memory is an error. */
DWORD registration_enter(struct service *s, const struct registration *r,
                         struct hosted **hosted_out);
/* Loads it into that place (takes). One that fails is logged and left out; one
   whose module is in use is tried again when a provider has left. Only a lack
   of memory is an error. */
DWORD registration_bring(struct service *s, const struct registration *r,
                         struct hosted *h);
/* All, at a start; ERROR_REGISTRY_CORRUPT, too. */
DWORD registration_load(struct service *s);
/* Those that wait for a module, while it runs. */
void registration_load_waiting(struct service *s);

#endif
