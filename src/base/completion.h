/* SPDX-License-Identifier: MIT
   A completion port. Any thread posts; one or more threads take, in batches;
   a descriptor is readable while it is not empty. Public in faxwin.h. */
#ifndef FAX_BASE_COMPLETION_H
#define FAX_BASE_COMPLETION_H

#include <fax/faxwin.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct completion_port;

/* Frees a packet that nobody will take. */
typedef void completion_drop_fn(struct fax_packet packet);

/* A counted object (mem_new). `drop` (may be NULL) gets what is left at the
   end. */
DWORD completion_new(completion_drop_fn *drop,
                     struct completion_port **port_out);
/* Takes packet.packet on success; `ticket_out` (may be NULL) gets the packet's
   number, from one upwards. ERROR_ABANDONED_WAIT_0: closed. */
DWORD completion_post(struct completion_port *p, struct fax_packet packet,
                      uint64_t *ticket_out);
/* Calls change(arg) while the packet with that ticket waits, so that what it
   points to can be changed: nobody takes it meanwhile. False: it was taken, and
   is no longer the poster's business. `change` is a few instructions, and posts
   and takes nothing. */
bool completion_amend(struct completion_port *p, uint64_t ticket,
                      void (*change)(void *arg), void *arg);
/* Calls taken(object), once and without a lock, when the packet with that
   ticket has been taken, on the thread that took it, or here when it was taken
   already; never when the port is closed first. Holds the counted object until
   then. */
DWORD completion_tell(struct completion_port *p, uint64_t ticket,
                      void (*taken)(void *object), void *object);
/* Ports that share what may wait in them; counted. */
struct completion_tally {
  atomic_size_t waiting; /* in all of them */
};
enum { TALLY_ALL = 4, TALLY_EACH = 64 };
/* Before anything is posted; holds the tally. */
void completion_share(struct completion_port *p,
                      struct completion_tally *tally);
/* `most` packets wait; or TALLY_ALL times as many in the ports that share with
   it, of which it has one in TALLY_EACH of `most`. */
bool completion_full(struct completion_port *p, size_t most);
size_t completion_waiting(struct completion_port *p);
/* Up to max; waits for the first until `until`. WAIT_TIMEOUT,
   ERROR_ABANDONED_WAIT_0 (closed, nothing left), ERROR_OPERATION_ABORTED (a
   signal came while waiting on the real clock). */
DWORD completion_take(struct completion_port *p, struct fax_packet *out,
                      size_t max, fax_deadline until, size_t *taken_out);
int completion_fd(struct completion_port *p);
/* Ends all waits; posting fails from now on; taking empties what is left. */
void completion_close(struct completion_port *p);
/* Drops what is left in a closed port, on this thread: whoever lets go of it
   last does not have to. */
void completion_drop_all(struct completion_port *p);
bool completion_closed(struct completion_port *p);

#endif
