/* SPDX-License-Identifier: MIT
   A service with the scripted FSP, and a document of so many pages. */
#ifndef FAX_SPEC_SERVICE_SCRIPT_H
#define FAX_SPEC_SERVICE_SCRIPT_H

#include "service_fsp.h"
#include "service_stage.h"

/* `change` may be NULL. */
static inline void script_start(struct stage *st, DWORD pages,
                                void (*change)(struct fax_service_config *)) {
  fsp_set(pages);
  stage_start_with(st, "forward", NULL, change);
  stage_document(st, pages);
}

static inline void script_start_virtual(
    struct stage *st, DWORD pages,
    void (*change)(struct fax_service_config *)) {
  assert_true(FaxClockVirtual(STAGE_NOON));
  script_start(st, pages, change);
}

#endif
