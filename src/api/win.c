/* SPDX-License-Identifier: MIT
   faxwin.h: completion ports, heaps and LocalAlloc by handle. */
#include <fax/faxwin.h>

#include "api/result.h"
#include "base/completion.h"
#include "base/handle.h"
#include "base/heap.h"
#include "base/mem.h"
#include "ipc/client/remote.h"
#include "provider/provider.h"

/* ---- completion ports ---- */

/* What nobody will take. Status packets belong to a provider's heap: not found
   here, left alone. */
static void drop_packet(struct fax_packet packet) {
  if (mem_tagged_size(packet.packet, MEM_CALL) != 0)
    provider_call_drop(packet.packet);
  else
    mem_free_tagged(packet.packet, MEM_LOCAL);
}

HANDLE FaxCreateCompletionPort(void) {
  struct completion_port *p;
  HANDLE handle;
  DWORD code;

  api_enter();
  code = completion_new(drop_packet, &p);
  if (code != ERROR_SUCCESS) return api_fail(code);
  code = handle_open(HANDLE_COMPLETION, p, NULL, &handle);
  mem_unref(p);
  if (code != ERROR_SUCCESS) return api_fail(code);
  api_done(ERROR_SUCCESS);
  return handle;
}

BOOL FaxCloseCompletionPort(HANDLE port) {
  struct completion_port *p;

  api_enter();
  p = handle_close(port, HANDLE_COMPLETION);
  if (p == NULL) return api_done(ERROR_INVALID_HANDLE);
  completion_close(p);
  remote_port_closed(p);
  completion_drop_all(p);
  mem_unref(p);
  return api_done(ERROR_SUCCESS);
}

BOOL FaxPostCompletion(HANDLE port, DWORD bytes, ULONG_PTR key, void *packet) {
  struct completion_port *p;
  DWORD code;

  api_enter();
  p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL) return api_done(ERROR_INVALID_HANDLE);
  code = completion_post(p, (struct fax_packet){bytes, key, packet}, NULL);
  mem_unref(p);
  /* Closed in between: as if it had been closed before. */
  if (code == ERROR_ABANDONED_WAIT_0) code = ERROR_INVALID_HANDLE;
  return api_done(code);
}

BOOL FaxGetCompletions(HANDLE port, struct fax_packet *packets, DWORD max,
                       DWORD *taken, fax_deadline until) {
  struct completion_port *p;
  size_t count;
  DWORD code;

  api_enter();
  if (taken == NULL) return api_done(ERROR_INVALID_PARAMETER);
  *taken = 0;
  if (packets == NULL || max == 0) return api_done(ERROR_INVALID_PARAMETER);
  p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL) return api_done(ERROR_INVALID_HANDLE);
  code = completion_take(p, packets, max, until, &count);
  mem_unref(p);
  *taken = (DWORD)count;
  return api_done(code);
}

int FaxCompletionPortFd(HANDLE port) {
  struct completion_port *p;
  int fd;

  api_enter();
  p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL) {
    api_done(ERROR_INVALID_HANDLE);
    return -1;
  }
  fd = completion_fd(p);
  mem_unref(p);
  api_done(ERROR_SUCCESS);
  return fd;
}

/* ---- heaps ---- */

HANDLE FaxHeapCreate(void) {
  struct heap *h;
  HANDLE handle;
  DWORD code;

  api_enter();
  code = heap_new(&h);
  if (code != ERROR_SUCCESS) return api_fail(code);
  code = handle_open(HANDLE_HEAP, h, NULL, &handle);
  mem_unref(h);
  if (code != ERROR_SUCCESS) return api_fail(code);
  api_done(ERROR_SUCCESS);
  return handle;
}

BOOL FaxHeapDestroy(HANDLE heap) {
  struct heap *h;

  api_enter();
  h = handle_close(heap, HANDLE_HEAP);
  if (h == NULL) return api_done(ERROR_INVALID_HANDLE);
  mem_unref(h);
  return api_done(ERROR_SUCCESS);
}

void *FaxHeapAlloc(HANDLE heap, SIZE_T size) {
  struct heap *h;
  void *block;

  api_enter();
  h = handle_get(heap, HANDLE_HEAP);
  if (h == NULL) return api_fail(ERROR_INVALID_HANDLE);
  block = heap_alloc(h, size);
  mem_unref(h);
  if (block == NULL) return api_fail(ERROR_NOT_ENOUGH_MEMORY);
  api_done(ERROR_SUCCESS);
  return block;
}

BOOL FaxHeapFree(HANDLE heap, void *block) {
  struct heap *h;
  bool freed;

  api_enter();
  h = handle_get(heap, HANDLE_HEAP);
  if (h == NULL) return api_done(ERROR_INVALID_HANDLE);
  freed = block == NULL || heap_free(h, block);
  mem_unref(h);
  return api_done(freed ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
}

/* ---- LocalAlloc ---- */

void *FaxLocalAlloc(SIZE_T size) {
  void *block;

  api_enter();
  block = mem_alloc_tagged(size, MEM_LOCAL);
  if (block == NULL) return api_fail(ERROR_NOT_ENOUGH_MEMORY);
  api_done(ERROR_SUCCESS);
  return block;
}

void *FaxLocalFree(void *block) {
  api_enter();
  if (block != NULL && !mem_free_tagged(block, MEM_LOCAL) &&
      !mem_free_tagged(block, MEM_CALL)) {
    api_done(ERROR_INVALID_HANDLE);
    return block;
  }
  api_done(ERROR_SUCCESS);
  return NULL;
}
