/* SPDX-License-Identifier: MIT
   The socket by which other processes reach the service of this one. */
#ifndef FAX_IPC_SERVER_SERVER_H
#define FAX_IPC_SERVER_SERVER_H

#include <fax/fax_service.h>

struct server;

/* Listens on config->socket, in `directory` where none is named; `boot` names
   this run of the service. Takes config->listen_fd, on an error too. NULL in
   server_out: nobody is to be let in. */
DWORD server_open(const struct fax_service_config *config,
                  const char *directory, DWORDLONG boot,
                  struct server **server_out);

/* The rules of access that a configuration has; NULL: the default ones. */
struct access_rules;
DWORD access_rules_new(const struct fax_service_config *config,
                       struct access_rules **rules_out);
/* For those who come from now on, and, as soon as the listener has looked them
   up, for those who are there. Takes the rules; any thread. */
void server_take_rules(struct server *server, struct access_rules *rules);

/* Lets nobody in any more, ends all sessions and takes the server; waits for
   calls that are being served, some seconds at most. NULL ok. */
void server_close(struct server *server);

#endif
