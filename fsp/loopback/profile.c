/* SPDX-License-Identifier: MIT
   How bad the line of a call is: the options for all calls, then what a test
   number asks for, then the options for the called number. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"

#define TO "to."

void profile_reset(struct options *o) {
  o->line = (struct impairments)IMPAIRMENTS_NONE;
  while (o->changes != NULL) {
    struct change *next = o->changes->next;
    free(o->changes);
    o->changes = next;
  }
}

/* "to.102.loss=5". It is kept as text: what holds for all calls may follow. */
static bool read_change(struct options *o, const char *text) {
  struct impairments unused = IMPAIRMENTS_NONE;
  char number[NUMBER_SIZE];
  const char *dot = strchr(text, '.');
  if (dot == NULL || (size_t)(dot - text) >= sizeof number) return false;
  snprintf(number, sizeof number, "%.*s", (int)(dot - text), text);
  struct change *c = calloc(1, sizeof *c);
  if (c == NULL) return false;
  bool good = phone_read(number, c->number) && strlen(dot + 1) < OPTION_SIZE &&
              impairments_pair(&unused, dot + 1);
  if (!good) {
    free(c);
    return false;
  }
  strcpy(c->option, dot + 1);
  test_number_complete(c->number, sizeof c->number);
  struct change **at = &o->changes;
  while (*at != NULL) at = &(*at)->next;
  *at = c;
  return true;
}

bool profile_read(struct options *o, const char *option) {
  if (strncmp(option, TO, strlen(TO)) == 0)
    return read_change(o, option + strlen(TO));
  return impairments_pair(&o->line, option);
}

/* Each call has a chance of its own: so does the next attempt. */
static uint64_t seed_of(const struct call *call, uint32_t seed) {
  struct random mix = {seed};
  const char *texts[] = {call->caller->line->number, call->number};
  for (int i = 0; i < 2; i++)
    for (const char *at = texts[i]; *at != '\0'; at++)
      mix.at = random_next(&mix) ^ (uint64_t)(unsigned char)*at;
  mix.at += call->serial;
  return random_next(&mix);
}

void profile_choose(struct call *call) {
  const struct options *o = &loopback.options;
  call->profile = o->line;
  if (call->test != NULL)
    impairments_row(&call->profile, call->test->line, call->test_n);
  for (const struct change *c = o->changes; c != NULL; c = c->next)
    if (strcmp(c->number, call->number) == 0)
      impairments_pair(&call->profile, c->option);
  call->serial = ++call->caller->line->calls;
  call->seed = seed_of(call, call->profile.seed);
}
