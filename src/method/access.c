/* SPDX-License-Identifier: MIT
   Rights: "access.ask". */
#include "method/access.h"

#include "service/service.h"

/* The id is the mask: all of it (SEC-4). */
static DWORD ask_rights(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  (void)handle, (void)out;
  return access_ask(c, asked->id);
}

const struct method method_access_ask = {.name = "access.ask",
                                         .on = HANDLE_SERVER,
                                         .repeats = true,
                                         .in = &method_id_record,
                                         .serve = ask_rights};
