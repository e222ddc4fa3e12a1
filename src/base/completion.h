/* SPDX-License-Identifier: MIT
   A completion port. Any thread posts; one or more threads take, in batches;
   a descriptor is readable while it is not empty. Public in faxwin.h. */
#ifndef FAX_BASE_COMPLETION_H
#define FAX_BASE_COMPLETION_H

#include <fax/faxwin.h>
#include <stdbool.h>

struct completion_port;

/* Frees a packet that nobody will take. */
typedef void completion_drop_fn(struct fax_packet packet);

/* A counted object (mem_new). `drop` (may be NULL) gets what is left at the
   end. */
DWORD completion_new(completion_drop_fn *drop,
                     struct completion_port **port_out);
/* Takes packet.packet on success. ERROR_ABANDONED_WAIT_0: closed. */
DWORD completion_post(struct completion_port *p, struct fax_packet packet);
/* Up to max; waits for the first until `until`. WAIT_TIMEOUT,
   ERROR_ABANDONED_WAIT_0 (closed, nothing left), ERROR_OPERATION_ABORTED (a
   signal came while waiting on the real clock). */
DWORD completion_take(struct completion_port *p, struct fax_packet *out,
                      size_t max, fax_deadline until, size_t *taken_out);
int completion_fd(struct completion_port *p);
/* Ends all waits; posting fails from now on; taking empties what is left. */
void completion_close(struct completion_port *p);
bool completion_closed(struct completion_port *p);

#endif
