/* SPDX-License-Identifier: MIT
   Datagrams over a packet network, in one direction. They are held until they
   arrive; one that comes too late arrives behind those sent after it. */
#include <stdlib.h>
#include <string.h>

#include "channel.h"

void datagrams_init(struct datagrams *d, const struct impairments *set,
                    uint64_t seed, int32_t delay, int32_t mute) {
  *d = (struct datagrams){.delay = samples_of(delay),
                          .interval = samples_of(set->interval),
                          .mute_at = mute_at_of(mute)};
  packets_init(&d->packets, set, seed);
}

/* Without memory it is lost, as in a router that has none. */
static void queue(struct datagrams *d, int64_t due, const uint8_t *bytes,
                  size_t len) {
  struct datagram **at = &d->first, *one = malloc(sizeof *one + len);
  if (one == NULL) return;
  while (*at != NULL && (*at)->due <= due) at = &(*at)->next;
  *one = (struct datagram){*at, due, len};
  memcpy(one->bytes, bytes, len);
  *at = one;
}

/* Each chance is asked, whatever the others say: one more impairment changes
   nothing of the rest. A damaged datagram is dropped where it arrives, by the
   checksum of UDP: T.38 has none and would take it for good. */
void datagrams_put(struct datagrams *d, int64_t now, const uint8_t *bytes,
                   size_t len) {
  struct packets *p = &d->packets;
  if (is_mute(d->mute_at, now)) return;
  bool gone = packets_damage(p);
  int late = packets_displace(p, p->set.jitter_by / 1000);
  bool doubled = packets_double(p);
  gone = packets_lose(p) || gone;
  if (gone) return;
  int64_t due = now + d->delay + samples_of(late * 1000);
  if (d->interval != 0) due += (d->interval - now % d->interval) % d->interval;
  queue(d, due, bytes, len);
  if (doubled) queue(d, due, bytes, len);
}

struct datagram *datagrams_take(struct datagrams *d, int64_t now) {
  struct datagram *one = d->first;
  if (one == NULL || one->due > now) return NULL;
  d->first = one->next;
  return one;
}

void datagrams_free(struct datagrams *d) {
  struct datagram *one;
  while ((one = datagrams_take(d, INT64_MAX)) != NULL) free(one);
}
