/* SPDX-License-Identifier: MIT
   The configuration: "config.read", "config.set", "logging.read",
   "logging.set". */
#include "method/config.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct method_config
static const struct fax_field config[] = {
    ONE(config, "config", record_configuration), END};
static RECORD(record_config, config, config);
#undef R

#define R struct method_levels
static const struct fax_field levels[] = {
    ARRAY(categories, "categories", count, record_log_category), END};
static RECORD(record_levels, logging, levels);
#undef R

static DWORD read_config(void *c, HANDLE handle, const void *in, void *out) {
  struct method_config *answer = out;
  (void)handle, (void)in;
  return config_read(c, &answer->config);
}

static DWORD set_config(void *c, HANDLE handle, const void *in, void *out) {
  (void)handle, (void)out;
  return config_set(c, in);
}

static DWORD read_levels(void *c, HANDLE handle, const void *in, void *out) {
  struct method_levels *answer = out;
  (void)handle, (void)in;
  return logging_read(c, &answer->categories, &answer->count);
}

static DWORD set_levels(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_levels *asked = in;
  (void)handle, (void)out;
  return logging_set(c, asked->categories, asked->count);
}

const struct method method_config_read = {.name = "config.read",
                                          .on = HANDLE_SERVER,
                                          .repeats = true,
                                          .out = &record_config,
                                          .serve = read_config};

const struct method method_config_set = {.name = "config.set",
                                         .on = HANDLE_SERVER,
                                         .repeats = true,
                                         .in = &record_configuration,
                                         .serve = set_config};

const struct method method_logging_read = {.name = "logging.read",
                                           .on = HANDLE_SERVER,
                                           .repeats = true,
                                           .out = &record_levels,
                                           .serve = read_levels};

const struct method method_logging_set = {.name = "logging.set",
                                          .on = HANDLE_SERVER,
                                          .repeats = true,
                                          .in = &record_levels,
                                          .serve = set_levels};
