/* SPDX-License-Identifier: MIT
   Providers whose calls run in child processes, so that a crash takes down no
   more than those of one child. To the service a provider as any other.
   Included by the service. */
#ifndef FAX_HOST_HOST_H
#define FAX_HOST_HOST_H

#include "provider/provider.h"

/* As provider_load; in child processes when the configuration, or else the
   provider, wants that. The devices are split into groups of `isolate`, in the
   order in which they were announced, and each group has a process. Also
   ERROR_TIMEOUT: it was not loaded in time; ERROR_GEN_FAILURE: it crashed. */
DWORD host_load(const struct fax_provider_config *config,
                const struct provider_events *events, void *arg,
                struct fax_provider **provider_out);

/* Seconds of the machine's clock, on the virtual one too. */
struct host_limits {
  double load;   /* for the start of a process and the loading of the FSP */
  double beat;   /* between two signs of life */
  double silent; /* without one, and the process is dead */
  double stuck;  /* of processor time that a call may use without a sign */
  double drain;  /* for the other calls of a host that has a stuck one */
  double stop;   /* for the FSP to shut down, where time stands still */
  double good;   /* of the clock: it served so long, and begins with no pause */
};
#define HOST_LIMITS \
  { 30, 1, 10, 10, 1800, 10, 60 }

/* host_load, always in child processes, with limits of one's own. */
DWORD host_load_with(const struct fax_provider_config *config,
                     const struct host_limits *limits,
                     const struct provider_events *events, void *arg,
                     struct fax_provider **provider_out);

#endif
