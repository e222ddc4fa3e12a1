/* SPDX-License-Identifier: MIT
   How received faxes are routed. */
#ifndef FAX_METHOD_ROUTING_H
#define FAX_METHOD_ROUTING_H

#include <fax/fax_service.h>

#include "method/method.h"

struct method_routing_list {
  FAX_ROUTING_METHOD *methods;
  DWORD count;
};

struct method_routing_enable {
  const char *guid;
  BOOL enabled;
};

struct method_guid {
  const char *guid;
};

struct method_routing_write {
  const char *guid;
  const BYTE *data;
  DWORD size;
};

struct method_routing_global {
  FAX_GLOBAL_ROUTING_INFO *methods;
  DWORD count;
};

extern const struct method method_routing_list, method_routing_enable,
    method_routing_read, method_routing_write, method_routing_global,
    method_routing_order;

#endif
