/* SPDX-License-Identifier: MIT
   The first exchange on a connection, and the sessions opened later: who asks,
   in which version, with which rights (docs/protocol.md). */
#ifndef FAX_IPC_HELLO_H
#define FAX_IPC_HELLO_H

#include "model/record.h"

enum { PROTOCOL_VERSION = 1, PROTOCOL_HANDLES = 1024 };

/* Names of features that the other side may lack. */
#define FEATURE_DESCRIPTORS "descriptors"
#define FEATURE_ATTACHMENTS "attachments"

struct hello {
  DWORD *versions; /* the first and the last that it speaks */
  DWORD version_count;
  const char *client;          /* its name and version, for the log */
  const char *const *features; /* NULL at the end */
  const char *user;            /* NULL: the account of the process */
  DWORD rights;                /* FAX_UNKNOWN: all that it has */
};

struct welcome {
  DWORD version;
  DWORDLONG boot; /* of this run of the service */
  const char *server;
  const char *const *features;
  const char *user;
  DWORD rights;
};

/* "session.open" */
struct session_open {
  const char *user;
  DWORD rights;
};

extern const struct fax_record hello_record, welcome_record,
    session_open_record;

#endif
