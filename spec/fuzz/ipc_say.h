/* SPDX-License-Identifier: MIT
   What a broken client might say: requests of every method there is, made from
   the descriptions of their records, right and spoilt. */
#ifndef FAX_SPEC_FUZZ_IPC_SAY_H
#define FAX_SPEC_FUZZ_IPC_SAY_H

#include <jansson.h>

#include "fuzz.h"
#include "ipc/attach.h"
#include "ipc/event.h"
#include "ipc/hello.h"
#include "ipc/policy.h"
#include "method/method.h"

#define IPC_ROOM 65536

static inline json_t *ipc_record(struct fuzz *f, const struct fax_record *r,
                                 int depth);

static inline json_t *ipc_number(struct fuzz *f) {
  static const json_int_t odd[] = {
      -1,        0,         1,          2,          5,
      255,       1024,      0x7fffffff, 0x80000000, 0xffffffff,
      1LL << 32, INT64_MAX, INT64_MIN,  1767268800};
  return json_integer(odd[fuzz_below(f, sizeof odd / sizeof *odd)]);
}

static inline json_t *ipc_text(struct fuzz *f) {
  static const char *const odd[] = {"",
                                    "102",
                                    "1",
                                    "18446744073709551616",
                                    "../../etc/passwd",
                                    "/dev/fd/0",
                                    "24:00",
                                    "\xc3\xa4\xe2\x82\xac",
                                    "loopback",
                                    "FAX_JOB_SUBMIT",
                                    "%s%n"};
  if (fuzz_one_in(f, 4)) {
    char text[300];
    size_t n = fuzz_below(f, sizeof text);
    for (size_t i = 0; i < n; i++) text[i] = (char)(1 + fuzz_below(f, 127));
    return json_stringn(text, n);
  }
  return json_string(odd[fuzz_below(f, sizeof odd / sizeof *odd)]);
}

static inline json_t *ipc_list(struct fuzz *f, const struct fax_field *field,
                               int depth) {
  json_t *list = json_array();
  for (uint32_t n = fuzz_below(f, 4); n > 0; n--) {
    if (field->record != NULL)
      json_array_append_new(list, ipc_record(f, field->record, depth + 1));
    else if (field->kind == FAX_FIELD_DWORDS)
      json_array_append_new(list, ipc_number(f));
    else
      json_array_append_new(list, ipc_text(f));
  }
  return list;
}

static inline json_t *ipc_name(struct fuzz *f, const struct fax_field *field) {
  const struct fax_name *names = field->names;
  uint32_t count = 0;
  while (names != NULL && names[count].name != NULL) count++;
  if (count == 0 || fuzz_one_in(f, 8)) return ipc_text(f);
  return json_string(names[fuzz_below(f, count)].name);
}

static inline json_t *ipc_names(struct fuzz *f, const struct fax_field *field) {
  json_t *list = json_array();
  for (uint32_t n = fuzz_below(f, 4); n > 0; n--)
    json_array_append_new(list, ipc_name(f, field));
  return list;
}

static inline json_t *ipc_anything(struct fuzz *f) {
  switch (fuzz_below(f, 6)) {
    case 0:
      return json_null();
    case 1:
      return json_object();
    case 2:
      return json_array();
    case 3:
      return json_real((double)fuzz_draw(f) * 1e6 - 1e12);
    case 4:
      return json_boolean(fuzz_one_in(f, 2));
    default:
      return fuzz_one_in(f, 2) ? ipc_number(f) : ipc_text(f);
  }
}

static inline json_t *ipc_value(struct fuzz *f, const struct fax_field *field,
                                int depth) {
  if (fuzz_one_in(f, 16)) return ipc_anything(f);
  switch ((int)field->kind) {
    case FAX_FIELD_RECORD:
      return ipc_record(f, field->record, depth + 1);
    case FAX_FIELD_RECORDS:
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_TEXT_LIST:
    case FAX_FIELD_FILES:
    case FAX_FIELD_DWORDS:
      return ipc_list(f, field, depth);
    case FAX_FIELD_BOOL:
      return json_boolean(fuzz_one_in(f, 2));
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      return ipc_name(f, field);
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      return ipc_names(f, field);
    case FAX_FIELD_TEXT:
    case FAX_FIELD_CHARS:
    case FAX_FIELD_ID64:
    case FAX_FIELD_TIME_OF_DAY:
      return ipc_text(f);
    default:
      return ipc_number(f);
  }
}

static inline json_t *ipc_record(struct fuzz *f, const struct fax_record *r,
                                 int depth) {
  json_t *object = json_object();
  for (const struct fax_field *d = r->fields; d->name != NULL; d++)
    if (depth < 5 && fuzz_one_in(f, 2))
      json_object_set_new(object, d->lua, ipc_value(f, d, depth));
  return object;
}

/* What the connection itself serves. */
static inline const char *ipc_own(struct fuzz *f,
                                  const struct fax_record **in) {
  static const struct {
    const char *name;
    const struct fax_record *in;
  } own[] = {{"hello", &hello_record},
             {"ping", NULL},
             {"cancel", NULL},
             {"session.open", &session_open_record},
             {"handle.close", NULL},
             {"cursor.next", NULL},
             {"event.subscribe", &event_subscribe_record},
             {"event.unsubscribe", &event_of_record},
             {"event.acknowledge", &event_of_record},
             {"provider.attach", &attach_record},
             {"provider.load", &load_record},
             {"provider.detach", &detach_said_record},
             {"policy.attach", &policy_attach_record},
             {"policy.answer", &policy_said_record},
             {"policy.detach", &policy_of_record},
             {"provider.ring", &ring_said_record},
             {"provider.alive", &alive_said_record},
             {"operation.status", &op_said_record},
             {"operation.caller", &op_said_record},
             {"operation.commit", &op_said_record},
             {"operation.end", &op_said_record},
             {"nothing.at_all", NULL}};
  size_t n = fuzz_below(f, sizeof own / sizeof *own);
  *in = own[n].in;
  return own[n].name;
}

static inline json_t *ipc_request(struct fuzz *f) {
  const struct fax_record *in = NULL;
  const char *name;
  size_t count = 0;
  while (method_at(count) != NULL) count++;
  if (fuzz_one_in(f, 3)) {
    name = ipc_own(f, &in);
  } else {
    const struct method *m = method_at(fuzz_below(f, (uint32_t)count));
    name = m->name;
    in = m->in;
  }
  json_t *whole = json_pack("{s:s, s:s}", "jsonrpc", "2.0", "method", name);
  if (!fuzz_one_in(f, 10))
    json_object_set_new(whole, "id",
                        fuzz_one_in(f, 30) ? ipc_anything(f) : ipc_number(f));
  if (fuzz_one_in(f, 2))
    json_object_set_new(whole, "on", json_integer(fuzz_below(f, 6)));
  if (fuzz_one_in(f, 60)) json_object_set_new(whole, "on", ipc_anything(f));
  if (in != NULL && !fuzz_one_in(f, 20))
    json_object_set_new(whole, "params", ipc_record(f, in, 0));
  if (fuzz_one_in(f, 60)) json_object_set_new(whole, "params", ipc_anything(f));
  return whole;
}

/* One line, and what follows it, into `room` bytes; how many. */
static inline size_t ipc_say(struct fuzz *f, char *bytes, size_t room) {
  size_t content = fuzz_one_in(f, 20) ? fuzz_below(f, 2000) : 0;
  json_t *whole = ipc_request(f);
  if (content != 0)
    json_object_set_new(whole, "attachment", json_integer((json_int_t)content));
  size_t length = json_dumpb(whole, bytes, room - 4096, JSON_COMPACT);
  json_decref(whole);
  if (length > room - 4096) return 0;
  /* Spoilt lines end a connection: so that others come before them. */
  if (fuzz_one_in(f, 60))
    length = fuzz_spoil(f, (uint8_t *)bytes, length, room - 4096);
  if (!fuzz_one_in(f, 400)) bytes[length++] = '\n';
  fuzz_fill(f, (uint8_t *)bytes + length, content);
  length += content;
  if (fuzz_one_in(f, 500)) { /* nothing of the protocol at all */
    size_t n = fuzz_below(f, 1000);
    fuzz_fill(f, (uint8_t *)bytes + length, n);
    length += n;
  }
  return length;
}

#endif
