/* SPDX-License-Identifier: MIT
   Private heaps for providers: a block belongs to one heap, and the end of the
   heap is the end of its blocks. Public in faxwin.h. */
#ifndef FAX_BASE_HEAP_H
#define FAX_BASE_HEAP_H

#include <fax/faxwin.h>
#include <stdbool.h>

struct heap; /* a counted object (mem_new) */

DWORD heap_new(struct heap **heap_out);
void *heap_alloc(struct heap *h, size_t size);
bool heap_free(struct heap *h, void *block); /* false: not one of its blocks */
/* The block is alive in this heap and at least `size` bytes long. */
bool heap_owns(struct heap *h, const void *block, size_t size);

#endif
