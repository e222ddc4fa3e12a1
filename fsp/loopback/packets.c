/* SPDX-License-Identifier: MIT
   A packet network: some packets are lost, late, there twice, or damaged. What
   a packet holds is known to frames.c and datagrams.c. */
#include <string.h>

#include "channel.h"

void packets_init(struct packets *p, const struct impairments *set,
                  uint64_t seed) {
  memset(p, 0, sizeof *p);
  p->set = *set;
  p->loss = random_stream(seed, 2);
  p->burst = random_stream(seed, 3);
  p->jitter = random_stream(seed, 4);
  p->duplicate = random_stream(seed, 5);
  p->corrupt = random_stream(seed, 6);
}

bool packets_lose(struct packets *p) {
  const struct impairments *set = &p->set;
  if (set->burst_begin != 0)
    p->in_burst = p->in_burst ? !random_hits(&p->burst, set->burst_end)
                              : random_hits(&p->burst, set->burst_begin);
  return random_hits(&p->loss, p->in_burst ? set->burst_loss : set->loss);
}

int packets_displace(struct packets *p, int most) {
  if (!random_hits(&p->jitter, p->set.jitter)) return 0;
  return 1 + (int)random_below(&p->jitter, (uint32_t)most);
}

bool packets_double(struct packets *p) {
  return random_hits(&p->duplicate, p->set.duplicate);
}

bool packets_damage(struct packets *p) {
  return random_hits(&p->corrupt, p->set.corrupt);
}
