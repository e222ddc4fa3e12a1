/* SPDX-License-Identifier: MIT
   Ports: "port.list", "port.open", "port.read", "port.set", "port.status"; and
   "provider.list". */
#include "method/port.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct method_ports
static const struct fax_field ports[] = {
    ARRAY(ports, "ports", count, record_port_info), END};
static RECORD(record_ports, ports, ports);
#undef R

#define R struct method_port_open
static const struct fax_field opening[] = {
    FIELD(DWORD, device_id, "device_id"),
    NAMED(FLAGS, flags, "flags", names_port_open), END};
static RECORD(record_opening, port_open, opening);
#undef R

#define R struct method_port
static const struct fax_field port[] = {ONE(port, "port", record_port_info),
                                        END};
static RECORD(record_port, port, port);
#undef R

#define R struct method_status
static const struct fax_field status[] = {
    ONE(status, "status", record_device_status), END};
static RECORD(record_status, status, status);
#undef R

#define R struct method_providers
static const struct fax_field providers[] = {
    ARRAY(providers, "providers", count, record_provider_info), END};
static RECORD(record_providers, providers, providers);
#undef R

static DWORD list(void *c, HANDLE handle, const void *in, void *out) {
  struct method_ports *answer = out;
  (void)handle, (void)in;
  return port_list(c, &answer->ports, &answer->count);
}

static DWORD open_one(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_port_open *asked = in;
  struct method_handle *answer = out;
  return port_open(c, handle, asked->device_id, asked->flags, &answer->handle);
}

static DWORD read_one(void *h, HANDLE handle, const void *in, void *out) {
  struct method_port *answer = out;
  (void)handle, (void)in;
  return port_read(h, &answer->port);
}

static DWORD set_one(void *h, HANDLE handle, const void *in, void *out) {
  (void)handle, (void)out;
  return port_set(h, in);
}

static DWORD read_status(void *h, HANDLE handle, const void *in, void *out) {
  struct method_status *answer = out;
  (void)handle, (void)in;
  return port_status(h, &answer->status);
}

static DWORD list_providers(void *c, HANDLE handle, const void *in, void *out) {
  struct method_providers *answer = out;
  (void)handle, (void)in;
  return provider_list(c, &answer->providers, &answer->count);
}

const struct method method_port_list = {.name = "port.list",
                                        .on = HANDLE_SERVER,
                                        .repeats = true,
                                        .out = &record_ports,
                                        .serve = list};

const struct method method_port_open = {.name = "port.open",
                                        .on = HANDLE_SERVER,
                                        .opens = HANDLE_PORT,
                                        .in = &record_opening,
                                        .out = &method_handle_record,
                                        .serve = open_one};

const struct method method_port_read = {.name = "port.read",
                                        .on = HANDLE_PORT,
                                        .repeats = true,
                                        .out = &record_port,
                                        .serve = read_one};

const struct method method_port_set = {.name = "port.set",
                                       .on = HANDLE_PORT,
                                       .repeats = true,
                                       .in = &record_port_info,
                                       .serve = set_one};

const struct method method_port_status = {.name = "port.status",
                                          .on = HANDLE_PORT,
                                          .repeats = true,
                                          .out = &record_status,
                                          .serve = read_status};

const struct method method_provider_list = {.name = "provider.list",
                                            .on = HANDLE_SERVER,
                                            .repeats = true,
                                            .out = &record_providers,
                                            .serve = list_providers};
