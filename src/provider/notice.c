/* SPDX-License-Identifier: MIT
   The packets of fax_provider.h that are not an attached provider's alone: the
   last one, and those that nobody took. */
#include <fax/faxdev.h>

#include "base/completion.h"
#include "base/mem.h"
#include "provider/provider.h"

DWORD provider_notice_make(struct provider_notice *n,
                           struct completion_port *port, ULONG_PTR key) {
  struct fax_call *call = mem_alloc_tagged(sizeof *call, MEM_CALL);
  if (call == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  call->size = sizeof *call;
  call->kind = FAX_CALL_STOP;
  *n = (struct provider_notice){mem_ref(port), key, call};
  return ERROR_SUCCESS;
}

void provider_notice_post(struct provider_notice *n, DWORD error) {
  struct fax_packet packet = {sizeof *n->call, n->key, n->call};
  if (n->call == NULL) return;
  n->call->error = error;
  if (completion_post(n->port, packet, NULL) == ERROR_SUCCESS) n->call = NULL;
}

void provider_notice_clear(struct provider_notice *n) {
  n->port = mem_unref(n->port);
  if (n->call != NULL) mem_free_tagged(n->call, MEM_CALL);
  n->call = NULL;
}

void provider_call_drop(struct fax_call *call) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = "provider_lost";
  last.evidence = "the program that was the provider has gone";
  if (call->kind == FAX_CALL_START)
    fax_op_end(call->op, FS_FATAL_ERROR, &last);
  else if (call->op != NULL)
    fax_op_unref(call->op);
  mem_free_tagged(call, MEM_CALL);
}
