/* SPDX-License-Identifier: MIT
   Routing: of a port "routing.list", "routing.enable", "routing.read",
   "routing.write"; of all "routing.global", "routing.order". */
#include "method/routing.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct method_routing_list
static const struct fax_field methods[] = {
    ARRAY(methods, "methods", count, record_routing_method), END};
static RECORD(record_methods, routing_methods, methods);
#undef R

#define R struct method_routing_enable
static const struct fax_field enabling[] = {
    FIELD(TEXT, guid, "guid"), FIELD(BOOL, enabled, "enabled"), END};
static RECORD(record_enabling, routing_enable, enabling);
#undef R

#define R struct method_guid
static const struct fax_field guid[] = {FIELD(TEXT, guid, "guid"), END};
static RECORD(record_guid, guid, guid);
#undef R

#define R struct method_routing_write
static const struct fax_field writing[] = {
    FIELD(TEXT, guid, "guid"), LISTED(BYTES, data, "data", size), END};
static RECORD(record_writing, routing_write, writing);
#undef R

#define R struct method_routing_global
static const struct fax_field global[] = {
    ARRAY(methods, "methods", count, record_global_routing_info), END};
static RECORD(record_global, routing_global, global);
#undef R

static DWORD list(void *h, HANDLE handle, const void *in, void *out) {
  struct method_routing_list *answer = out;
  (void)handle, (void)in;
  return routing_methods(h, &answer->methods, &answer->count);
}

static DWORD enable(void *h, HANDLE handle, const void *in, void *out) {
  const struct method_routing_enable *asked = in;
  (void)handle, (void)out;
  return routing_enable(h, asked->guid, asked->enabled != FALSE);
}

static DWORD read_data(void *h, HANDLE handle, const void *in, void *out) {
  const struct method_guid *asked = in;
  struct method_bytes *answer = out;
  (void)handle;
  return routing_read(h, asked->guid, &answer->data, &answer->size);
}

static DWORD write_data(void *h, HANDLE handle, const void *in, void *out) {
  const struct method_routing_write *asked = in;
  (void)handle, (void)out;
  return routing_write(h, asked->guid, asked->data, asked->size);
}

static DWORD list_global(void *c, HANDLE handle, const void *in, void *out) {
  struct method_routing_global *answer = out;
  (void)handle, (void)in;
  return routing_global(c, &answer->methods, &answer->count);
}

static DWORD order(void *c, HANDLE handle, const void *in, void *out) {
  (void)handle, (void)out;
  return routing_order(c, in);
}

const struct method method_routing_list = {.name = "routing.list",
                                           .on = HANDLE_PORT,
                                           .repeats = true,
                                           .out = &record_methods,
                                           .serve = list};

const struct method method_routing_enable = {.name = "routing.enable",
                                             .on = HANDLE_PORT,
                                             .repeats = true,
                                             .in = &record_enabling,
                                             .serve = enable};

const struct method method_routing_read = {.name = "routing.read",
                                           .on = HANDLE_PORT,
                                           .repeats = true,
                                           .in = &record_guid,
                                           .out = &method_bytes_record,
                                           .serve = read_data};

const struct method method_routing_write = {.name = "routing.write",
                                            .on = HANDLE_PORT,
                                            .repeats = true,
                                            .in = &record_writing,
                                            .serve = write_data};

const struct method method_routing_global = {.name = "routing.global",
                                             .on = HANDLE_SERVER,
                                             .repeats = true,
                                             .out = &record_global,
                                             .serve = list_global};

const struct method method_routing_order = {.name = "routing.order",
                                            .on = HANDLE_SERVER,
                                            .repeats = true,
                                            .in = &record_global_routing_info,
                                            .serve = order};
