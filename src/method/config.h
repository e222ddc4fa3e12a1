/* SPDX-License-Identifier: MIT
   The configuration of the service and of its log. */
#ifndef FAX_METHOD_CONFIG_H
#define FAX_METHOD_CONFIG_H

#include <fax/fax_service.h>

#include "method/method.h"

struct method_config {
  FAX_CONFIGURATION *config;
};

struct method_levels {
  FAX_LOG_CATEGORY *categories;
  DWORD count;
};

struct method_levels_set {
  const FAX_LOG_CATEGORY *categories;
  DWORD count;
};

extern const struct method method_config_read, method_config_set,
    method_logging_read, method_logging_set;

#endif
