/* SPDX-License-Identifier: MIT
   UDPTL, the transport of T.38 packets (IFP) over UDP: numbers them, adds what
   a lost datagram can be recovered from, and recovers. No socket, no clock, no
   thread inside; one object for one call, used by one thread at a time. */
#ifndef FAX_FAX_UDPTL_H
#define FAX_FAX_UDPTL_H

#include <fax/faxerr.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAX_UDPTL_MAX_IFP 1400 /* bytes of one packet, in and out */

struct fax_udptl;

/* Begins as zeros. What comes in may use either way of correction, whatever is
   chosen here for what goes out. */
struct fax_udptl_config {
  DWORD size;
  /* How many of the packets before it a datagram repeats: 0..8; 3 is good. */
  DWORD redundancy;
  /* Or parity: so many entries in a datagram, each over so many packets. Their
     product is at most 32; 3 and 3, say. */
  DWORD fec_entries;
  DWORD fec_span;
  DWORD max_datagram; /* bytes that the other side takes (T38FaxMaxDatagram);
                         correction that does not fit is left out; 0: 400 */
  /* Each packet in its order, once; borrowed for the call. `lost` is how many
     directly before it will never come. From within receive, which must not be
     called from here again. */
  void (*ifp)(void *arg, const uint8_t *ifp, size_t len, uint16_t seq,
              DWORD lost);
  void *arg;
};

struct fax_udptl_numbers {
  DWORD size;
  DWORD sent;      /* packets */
  DWORD received;  /* datagrams that could be read */
  DWORD malformed; /* datagrams that could not */
  DWORD late;      /* datagrams with nothing new: duplicates, out of order */
  DWORD recovered; /* packets from redundancy or parity */
  DWORD lost;      /* packets for good */
};

/* NULL with the last error: ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY.
   `config` is copied. */
FAX_EXPORT struct fax_udptl *fax_udptl_new(
    const struct fax_udptl_config *config);

/* Makes the datagram of the next packet; the number of its bytes, or 0 with the
   last error: ERROR_INVALID_PARAMETER (a packet of no bytes, or of more than
   FAX_UDPTL_MAX_IFP), ERROR_INSUFFICIENT_BUFFER (`size` or max_datagram is too
   small for the packet alone). To repeat a packet send its datagram again. */
FAX_EXPORT size_t fax_udptl_send(struct fax_udptl *u, const uint8_t *ifp,
                                 size_t len, uint8_t *datagram, size_t size);

/* Takes a datagram, whatever it holds; nothing is held back, so one that comes
   behind a later one is late: its packet was recovered, or is lost. FALSE with
   ERROR_INVALID_DATA: it could not be read and changed nothing. A sequence
   number more than 512 from the expected one is believed when the next datagram
   says the same. */
FAX_EXPORT BOOL fax_udptl_receive(struct fax_udptl *u, const uint8_t *datagram,
                                  size_t len);

/* Writes up to the size given. ERROR_INVALID_PARAMETER: a NULL or no size. */
FAX_EXPORT BOOL fax_udptl_count(const struct fax_udptl *u,
                                struct fax_udptl_numbers *numbers_inout);

FAX_EXPORT void fax_udptl_free(struct fax_udptl *u); /* takes; NULL ok */

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
