/* SPDX-License-Identifier: MIT
   Ports, their routing, and providers. */
#ifndef FAX_METHOD_PORT_H
#define FAX_METHOD_PORT_H

#include <fax/fax_service.h>

#include "method/method.h"

struct method_ports {
  FAX_PORT_INFO *ports;
  DWORD count;
};

struct method_port_open {
  DWORD device_id;
  DWORD flags;
};

struct method_port {
  FAX_PORT_INFO *port;
};

struct method_status {
  FAX_DEVICE_STATUS *status;
};

extern const struct method method_port_list, method_port_open, method_port_read,
    method_port_set, method_port_status;

struct method_providers {
  struct fax_provider_info *providers;
  DWORD count;
};

extern const struct method method_provider_list;

#endif
