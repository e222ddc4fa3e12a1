/* SPDX-License-Identifier: MIT
   The options that make a line bad, by their names and limits. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "channel.h"

static const struct key {
  const char *name;
  size_t place;
  int32_t least, most, unit;
} keys[] = {
#define KEY(name, least, most, unit) \
  { #name, offsetof(struct impairments, name), least, most, unit }
    KEY(level, -60, 20, 1000),
    KEY(noise, -90, 0, 1000),
    KEY(echo, -60, 0, 1000),
    KEY(echo_delay, 0, 2000, 1000),
    KEY(delay, 0, 5000, 1000),
    KEY(delay_called, 0, 5000, 1000),
    KEY(slip, 0, 8000, 1),
    KEY(slip_every, 0, 3600, 1000),
    KEY(loss, 0, 100, 1000),
    KEY(burst_begin, 0, 100, 1000),
    KEY(burst_end, 0, 100, 1000),
    KEY(burst_loss, 0, 100, 1000),
    KEY(jitter, 0, 100, 1000),
    KEY(jitter_by, 20, 200, 1000),
    KEY(duplicate, 0, 100, 1000),
    KEY(corrupt, 0, 100, 1000),
    KEY(cut, 0, 86400, 1000),
    KEY(mute_caller, 0, 86400, 1000),
    KEY(mute_called, 0, 86400, 1000),
    KEY(redundancy, 0, 8, 1),
    KEY(fec_entries, 0, 8, 1),
    KEY(fec_span, 1, 4, 1),
    KEY(interval, 0, 200, 1000),
#undef KEY
};

/* "-12.5" in thousandths, for a unit of 1000. By hand: strtod takes the point
   from the locale of the program that we are loaded into. */
static bool read_value(const char *text, const struct key *key,
                       int32_t *value_out) {
  bool minus = *text == '-';
  int64_t value = 0, unit = key->unit;
  text += minus;
  if (*text < '0' || *text > '9') return false;
  for (; *text >= '0' && *text <= '9'; text++) {
    value = value * 10 + (*text - '0');
    if (value > 1000000) return false;
  }
  value *= unit;
  if (*text == '.' && unit > 1 && text[1] != '\0') {
    while (*++text >= '0' && *text <= '9') {
      if (unit == 1) return false; /* finer than a thousandth */
      value += (*text - '0') * (unit /= 10);
    }
  }
  if (minus) value = -value;
  if (*text != '\0' || value < (int64_t)key->least * key->unit ||
      value > (int64_t)key->most * key->unit)
    return false;
  *value_out = (int32_t)value;
  return true;
}

static bool read_seed(const char *text, uint32_t *seed_out) {
  uint64_t seed = 0;
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 10 || text[digits] != '\0') return false;
  for (; *text != '\0'; text++) seed = seed * 10 + (uint64_t)(*text - '0');
  if (seed > UINT32_MAX) return false;
  *seed_out = (uint32_t)seed;
  return true;
}

/* The place of a word in a list of `count`; -1: it is not there. */
static int find_word(const char *value, const char *const *words, int count) {
  while (--count >= 0 && strcmp(value, words[count]) != 0) continue;
  return count;
}

static bool read_word(struct impairments *set, const char *key,
                      const char *value) {
  static const char *const laws[] = {"off", "alaw", "ulaw"},
                           *const fills[] = {"silence", "repeat"},
                           *const ways[] = {"audio", "t38"},
                           *const ends[] = {"audio", "none"};
  int word = -1;
  if (strcmp(key, "companding") == 0) {
    word = find_word(value, laws, 3);
    if (word >= 0) set->companding = (enum companding)word;
  } else if (strcmp(key, "conceal") == 0) {
    word = find_word(value, fills, 2);
    if (word >= 0) set->repeat = word == 1;
  } else if (strcmp(key, "transport") == 0) {
    word = find_word(value, ways, 2);
    if (word >= 0) set->transport = (enum transport)word;
  } else if (strcmp(key, "fallback") == 0) {
    word = find_word(value, ends, 2);
    if (word >= 0) set->only = word == 1;
  }
  return word >= 0;
}

bool impairments_read(struct impairments *set, const char *key,
                      const char *value) {
  if (strcmp(key, "seed") == 0) return read_seed(value, &set->seed);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    int32_t number;
    if (strcmp(keys[i].name, key) != 0) continue;
    if (!read_value(value, &keys[i], &number)) return false;
    memcpy((char *)set + keys[i].place, &number, sizeof number);
    return true;
  }
  return read_word(set, key, value);
}

#define PAIR_SIZE 64

static bool read_key(struct impairments *set, const char *key, size_t length,
                     const char *value) {
  char name[PAIR_SIZE];
  if (length >= sizeof name) return false;
  memcpy(name, key, length);
  name[length] = '\0';
  return impairments_read(set, name, value);
}

bool impairments_pair(struct impairments *set, const char *pair) {
  const char *equals = strchr(pair, '=');
  return equals != NULL &&
         read_key(set, pair, (size_t)(equals - pair), equals + 1);
}

bool impairments_row(struct impairments *set, const char *options, unsigned n) {
  bool read = true;
  while (options != NULL && *options != '\0') {
    char value[PAIR_SIZE];
    size_t key = strcspn(options, "="), length = strcspn(options, " ");
    snprintf(value, sizeof value, "%.*s", (int)(length - key - 1),
             options + key + 1);
    if (strcmp(value, "n") == 0) snprintf(value, sizeof value, "%u", n);
    if (strcmp(value, "-n") == 0) snprintf(value, sizeof value, "-%u", n);
    if (strcmp(value, "t") == 0)
      snprintf(value, sizeof value, "%u.%u", n / 10, n % 10);
    read = read_key(set, options, key, value) && read;
    options += length + (options[length] == ' ');
  }
  return read;
}

/* Not the cut, and not what belongs to T.38: whoever keeps the call does that.
 */
bool impairments_any(const struct impairments *set) {
  return set->level != 0 || set->noise != 0 || set->echo != 0 ||
         set->delay != 0 || set->delay_called != 0 || set->slip != 0 ||
         set->loss != 0 || set->burst_begin != 0 || set->jitter != 0 ||
         set->duplicate != 0 || set->corrupt != 0 || set->mute_caller != 0 ||
         set->mute_called != 0 || set->companding != COMPANDING_NONE;
}
