/* SPDX-License-Identifier: MIT
   Writes down what the code knows of the protocol, for docs/protocol.lua: each
   method, and each record that goes over the wire, as lines of fields with tabs
   between them. */
#include <stdio.h>
#include <string.h>

#include "ipc/attach.h"
#include "ipc/event.h"
#include "ipc/hello.h"
#include "ipc/policy.h"
#include "method/method.h"

enum { RECORDS = 200 };

static const struct fax_record *seen[RECORDS];
static size_t seen_count;

static const char *const kinds[] = {
    [FAX_FIELD_DWORD] = "number",
    [FAX_FIELD_KNOWN] = "number",
    [FAX_FIELD_BOOL] = "boolean",
    [FAX_FIELD_KNOWN_BOOL] = "boolean",
    [FAX_FIELD_ENUM] = "name",
    [FAX_FIELD_KNOWN_ENUM] = "name",
    [FAX_FIELD_FLAGS] = "names",
    [FAX_FIELD_KNOWN_FLAGS] = "names",
    [FAX_FIELD_TEXT] = "text",
    [FAX_FIELD_CHARS] = "text",
    [FAX_FIELD_ID64] = "id",
    [FAX_FIELD_FILETIME] = "time",
    [FAX_FIELD_SYSTEMTIME] = "time",
    [FAX_FIELD_TIME_OF_DAY] = "time of day",
    [FAX_FIELD_MILLISECONDS] = "seconds",
    [FAX_FIELD_KNOWN_MILLISECONDS] = "seconds",
    [FAX_FIELD_RECORDS] = "records",
    [FAX_FIELD_RECORD] = "record",
    [FAX_FIELD_TEXTS] = "texts",
    [FAX_FIELD_TEXT_LIST] = "texts",
    [FAX_FIELD_DWORDS] = "numbers",
    [FAX_FIELD_FILES] = "files",
    [FAX_FIELD_BYTES] = "bytes",
    [FAX_FIELD_HANDLE] = "handle",
};

static const char *const handles[] = {
    [HANDLE_SERVER] = "server",     [HANDLE_PORT] = "port",
    [HANDLE_PROVIDER] = "provider", [HANDLE_POLICY] = "policy",
    [HANDLE_DOCUMENT] = "document", [HANDLE_BATCH] = "batch",
};

/* NULL: what is left out. */
static const char *kind_of(const struct fax_field *f) {
  return (size_t)f->kind < sizeof kinds / sizeof *kinds ? kinds[f->kind] : NULL;
}

static const char *handle_name(enum handle_kind kind) {
  return (size_t)kind < sizeof handles / sizeof *handles &&
                 handles[kind] != NULL
             ? handles[kind]
             : "-";
}

static const char *record_name(const struct fax_record *r) {
  return r != NULL ? r->name : "-";
}

static void see(const struct fax_record *r) {
  for (size_t i = 0; i < seen_count; i++)
    if (seen[i] == r) return;
  if (r == NULL || seen_count == RECORDS) return;
  seen[seen_count++] = r;
  for (const struct fax_field *f = r->fields; f->name != NULL; f++)
    see(f->record);
}

static void write_record(const struct fax_record *r) {
  printf("record\t%s\n", r->name);
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    if (kind_of(f) == NULL) continue;
    printf("field\t%s\t%s\t%s\t", f->lua, kind_of(f), record_name(f->record));
    for (const struct fax_name *n = f->names; n != NULL && n->name != NULL; n++)
      printf("%s%s", n != f->names ? " " : "", n->name);
    printf("\n");
  }
}

static void write_method(const struct method *m) {
  printf("method\t%s\t%s\t%s\t%s\t%s\t%s\n", m->name, handle_name(m->on),
         m->repeats ? "repeats" : "-", handle_name(m->opens),
         record_name(m->in), record_name(m->out));
  see(m->in);
  see(m->out);
}

int main(void) {
  see(&hello_record);
  see(&welcome_record);
  see(&session_open_record);
  see(&event_subscribe_record);
  see(&event_subscribed_record);
  see(&event_of_record);
  see(&event_told_record);
  see(&attach_record);
  see(&attach_given_record);
  see(&call_told_record);
  see(&op_said_record);
  see(&ring_said_record);
  see(&alive_said_record);
  for (size_t n = 0; method_at(n) != NULL; n++) write_method(method_at(n));
  see(&load_record);
  see(&detach_said_record);
  see(&policy_attach_record);
  see(&policy_of_record);
  see(&policy_asked_record);
  see(&policy_said_record);
  for (size_t i = 0; i < seen_count; i++) write_record(seen[i]);
  return 0;
}
