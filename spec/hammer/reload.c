/* SPDX-License-Identifier: MIT
   Other configurations for the service that runs, while all else goes on. */
#include "hammer.h"

static const char *const first[] = {"loopback", NULL};
static const char *const second[] = {"forward", "loopback", NULL};
static const struct fax_dial_group groups[] = {{"one", first}, {"two", second}};
static const struct fax_dial_route routes[] = {
    {"1", "two"}, {"10", "one"}, {"", NULL}};
static const char *const blocked[] = {"7*", "13", NULL};

static void fill_rules(struct worker *w, struct fax_dialling *d) {
  *d = (struct fax_dialling){.size = sizeof *d,
                             .groups = groups,
                             .group_count = draw(w, 3),
                             .routes = routes,
                             .blocked = draw(w, 2) != 0 ? blocked : NULL};
  if (d->group_count == 2) d->route_count = draw(w, 4);
  if (draw(w, 2) != 0) d->country = "49";
}

void reload_any(struct worker *w) {
  static const struct fax_access rules[] = {
      {.user = "nobody", .rights = FAX_JOB_SUBMIT},
      {.group = "root", .rights = FAX_ALL_ACCESS}};
  struct fax_service_config config = stage.config;
  struct fax_dialling dialling;
  char *left = NULL;
  fill_rules(w, &dialling);
  if (draw(w, 3) != 0) config.dialling = &dialling;
  config.calls_per_number = draw(w, 3);
  config.priority_step = draw(w, 2) * 1800;
  config.retries = draw(w, 3);
  config.recipients_limit = draw(w, 2) * 100;
  config.archive_days = draw(w, 2);
  config.access = rules;
  config.access_count = draw(w, 3);
  if (draw(w, 8) == 0) { /* the exchange leaves, and comes again */
    config.providers++;
    config.provider_count--;
  }
  if (FaxServiceReload(&config, &left)) FaxFreeBuffer(left);
}
