/* SPDX-License-Identifier: MIT
   A fax machine (T.30) over samples or over T.38 packets. What the library
   tells from within a call is noted here, and asked for by Lua after it. */
#include <fax/fax_t30.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lua/binding.h"
#include "lua/packets.h"

static struct record_ref progress_record = {"fax_progress", NULL};
static struct record_ref event_record = {"fax_t30_event", NULL};

#define BLOCK 160            /* samples: 20 ms */
#define MOST_SAMPLES 480000  /* to take at once: a minute */
#define MOST_SECONDS 86400.0 /* to go on at once */

struct machine {
  struct fax_t30 *t30;
  struct packets out;
  uint16_t seq; /* of the next packet to go out */
  bool changed; /* something was told that Lua has not heard of */
  double rest;  /* of a sample, that time is still to go on by */
};

static void machine_free(struct machine *m) {
  fax_t30_free(m->t30);
  packets_clear(&m->out);
  free(m);
}

static int t30_close(lua_State *L) {
  struct machine *m = box_empty(box_check(L, 1, T30_TYPE));
  if (m != NULL) machine_free(m);
  return 0;
}

static struct machine *machine_check(lua_State *L) {
  return box_object(box_check(L, 1, T30_TYPE));
}

static void on_progress(void *arg, const struct fax_progress *progress) {
  struct machine *m = arg;
  (void)progress; /* the result has it */
  m->changed = true;
}

/* A packet that is dropped has its number all the same: the other side then
   counts it as lost. */
static void on_ifp(void *arg, const uint8_t *ifp, size_t len, DWORD repeats) {
  struct machine *m = arg;
  packets_add(&m->out, ifp, len, m->seq++, repeats);
}

static void read_config(lua_State *L, int arg, struct fax_t30_config *c) {
  memset(c, 0, sizeof *c);
  c->size = sizeof *c;
  c->calling = field_bool(L, arg, "calling", FALSE);
  c->send_file = field_text(L, arg, "send");
  c->receive_file = field_text(L, arg, "receive");
  c->local_id = field_text(L, arg, "local_id");
  c->branding = field_text(L, arg, "branding");
  c->first_page = field_dword(L, arg, "first_page", 1);
  c->ecm = field_bool(L, arg, "ecm", TRUE);
  c->max_rate = field_dword(L, arg, "max_rate", 0);
  c->no_progress_limit = field_dword(L, arg, "no_progress_limit", 0);
  c->release_limit = field_dword(L, arg, "release_limit", 0);
  c->no_packets_limit = field_dword(L, arg, "no_packets_limit", 0);
  c->not_ready = field_dword(L, arg, "not_ready", 0);
  c->line = field_bool(L, arg, "t38", FALSE) ? FAX_T30_T38 : FAX_T30_AUDIO;
}

/* t30{ t38 =, calling =, send =, receive =, ... } */
static int t30_new(lua_State *L) {
  struct fax_t30_config config;
  struct machine *m;
  struct box *box;
  luaL_checktype(L, 1, LUA_TTABLE);
  read_config(L, 1, &config);
  box = box_push(L, T30_TYPE); /* -- box */
  m = calloc(1, sizeof *m);
  if (m == NULL) return fail_code(L, "fax_t30_new", ERROR_NOT_ENOUGH_MEMORY);
  config.progress = on_progress;
  config.ifp_out = on_ifp;
  config.arg = m;
  m->t30 = fax_t30_new(&config);
  if (m->t30 == NULL) {
    free(m);
    return fail_last(L, "fax_t30_new");
  }
  box_fill(box, m);
  return 1;
}

/* ---- the line ---- */

/* audio_in(samples) */
static int t30_audio_in(lua_State *L) {
  struct machine *m = machine_check(L);
  int16_t block[BLOCK];
  const char *from;
  size_t left;
  luaL_checktype(L, 2, LUA_TSTRING);
  from = lua_tolstring(L, 2, &left);
  luaL_argcheck(L, left % sizeof *block == 0, 2,
                "samples of two bytes each expected");
  if (m == NULL) return fail_closed(L, "fax_t30_audio_in");
  while (left > 0) {
    size_t bytes = left < sizeof block ? left : sizeof block;
    memcpy(block, from, bytes); /* a Lua string need not be aligned */
    fax_t30_audio_in(m->t30, block, (int)(bytes / sizeof *block));
    from += bytes;
    left -= bytes;
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* audio_out(count) -> so many samples */
static int t30_audio_out(lua_State *L) {
  struct machine *m = machine_check(L);
  DWORD left = check_dword(L, 2);
  int16_t block[BLOCK];
  luaL_Buffer samples;
  luaL_argcheck(L, left <= MOST_SAMPLES, 2, "at most 480000 samples expected");
  if (m == NULL) return fail_closed(L, "fax_t30_audio_out");
  luaL_buffinit(L, &samples);
  while (left > 0) {
    int n = left < BLOCK ? (int)left : BLOCK;
    fax_t30_audio_out(m->t30, block, n);
    luaL_addlstring(&samples, (const char *)block, (size_t)n * sizeof *block);
    left -= (DWORD)n;
  }
  luaL_pushresult(&samples);
  return 1;
}

/* ifp_in(packet, seq) */
static int t30_ifp_in(lua_State *L) {
  struct machine *m = machine_check(L);
  DWORD seq = check_dword(L, 3);
  const char *ifp;
  size_t len;
  luaL_checktype(L, 2, LUA_TSTRING);
  ifp = lua_tolstring(L, 2, &len);
  luaL_argcheck(L, seq <= UINT16_MAX, 3, "a number from 0 to 65535 expected");
  if (m == NULL) return fail_closed(L, "fax_t30_ifp_in");
  if (!fax_t30_ifp_in(m->t30, (const uint8_t *)ifp, len, (uint16_t)seq))
    return fail_last(L, "fax_t30_ifp_in");
  lua_pushboolean(L, 1);
  return 1;
}

/* ifp_out() -> packet, seq, how often to send it; nothing: there is none */
static int t30_ifp_out(lua_State *L) {
  struct machine *m = machine_check(L);
  const struct packet *one;
  if (m == NULL) return fail_closed(L, "fax_t30_ifp_out");
  one = m->out.first;
  if (one == NULL) return 0;
  lua_pushlstring(L, (const char *)one->bytes, one->len);
  lua_pushinteger(L, (lua_Integer)one->seq);
  lua_pushinteger(L, (lua_Integer)one->number);
  packets_pop(&m->out);
  return 3;
}

/* advance(seconds): what is less than a sample counts the next time. */
static int t30_advance(lua_State *L) {
  struct machine *m = machine_check(L);
  lua_Number seconds = luaL_checknumber(L, 2), samples;
  luaL_argcheck(L, seconds >= 0 && seconds <= MOST_SECONDS, 2,
                "0 to 86400 seconds expected");
  if (m == NULL) return fail_closed(L, "fax_t30_advance");
  samples = floor(seconds * FAX_T30_SAMPLE_RATE + m->rest + 1e-6);
  m->rest += seconds * FAX_T30_SAMPLE_RATE - samples;
  while (samples > 0 && !fax_t30_done(m->t30)) {
    int n = samples < BLOCK ? (int)samples : BLOCK;
    fax_t30_advance(m->t30, n);
    samples -= n;
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* ---- the call ---- */

static int t30_closed(lua_State *L) {
  lua_pushboolean(L, machine_check(L) == NULL);
  return 1;
}

/* done(): one that is closed has nothing to do any more. */
static int t30_done(lua_State *L) {
  struct machine *m = machine_check(L);
  lua_pushboolean(L, m == NULL || fax_t30_done(m->t30));
  return 1;
}

/* stop(cause or nil) */
static int t30_stop(lua_State *L) {
  struct machine *m = machine_check(L);
  const char *cause = opt_text(L, 2);
  if (m == NULL) return fail_closed(L, "fax_t30_end");
  fax_t30_end(m->t30, cause);
  lua_pushboolean(L, 1);
  return 1;
}

/* changed() -> whether something was told since it was asked last */
static int t30_changed(lua_State *L) {
  struct machine *m = machine_check(L);
  lua_pushboolean(L, m != NULL && m->changed);
  if (m != NULL) m->changed = false;
  return 1;
}

static void put_number(lua_State *L, const char *name, DWORD value) {
  if (value == FAX_UNKNOWN) return;
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

/* progress() -> a table */
static int t30_progress(lua_State *L) {
  struct machine *m = machine_check(L);
  if (m == NULL) return fail_closed(L, "fax_t30_result");
  record_push(L, record_get(&progress_record),
              &fax_t30_result(m->t30)->progress);
  return 1;
}

/* result() -> the fields of progress, and what is known of the call */
static int t30_result(lua_State *L) {
  struct machine *m = machine_check(L);
  const struct fax_t30_result *result;
  if (m == NULL) return fail_closed(L, "fax_t30_result");
  result = fax_t30_result(m->t30);
  record_push(L, record_get(&progress_record),
              &result->progress); /* -- table */
  if (result->status != 0) {
    put_number(L, "status", result->status);
    put_number(L, "code", (DWORD)result->code);
  }
  put_number(L, "lost_packets", result->lost_packets);
  put_number(L, "dropped", m->out.dropped);
  record_push_array(L, record_get(&event_record), result->timeline,
                    result->timeline_count);
  lua_setfield(L, -2, "timeline");
  return 1;
}

static const luaL_Reg t30_methods[] = {
    {"audio_in", t30_audio_in}, {"audio_out", t30_audio_out},
    {"ifp_in", t30_ifp_in},     {"ifp_out", t30_ifp_out},
    {"advance", t30_advance},   {"closed", t30_closed},
    {"done", t30_done},         {"stop", t30_stop},
    {"changed", t30_changed},   {"progress", t30_progress},
    {"result", t30_result},     {NULL, NULL}};

void t30_open(lua_State *L) {
  box_type(L, T30_TYPE, t30_methods, t30_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, t30_new);
  lua_setfield(L, -2, "t30");
}
