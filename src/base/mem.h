/* SPDX-License-Identifier: MIT
   Memory: counted objects and plain blocks, with a debug mode that lists what
   is alive, poisons what was freed and makes the n-th allocation fail.
   Everything in libfax allocates here; any thread may call any of it. */
#ifndef FAX_BASE_MEM_H
#define FAX_BASE_MEM_H

#include <fax/faxtypes.h>
#include <stdbool.h>

/* ---- counted objects ---- */

typedef void mem_destroy_fn(void *object);

/* A zeroed object with a count of one; `destroy` (may be NULL) releases what it
   holds when the count reaches zero, and must tolerate a half-built object. */
void *mem_new(size_t size, mem_destroy_fn *destroy); /* gives; NULL: memory */
void *mem_ref(void *object);                         /* NULL is passed on */
void *mem_unref(void *object); /* takes; always NULL, so x = mem_unref(x) */

/* ---- plain blocks ---- */

void *mem_alloc(size_t size);     /* zeroed; gives */
void *mem_alloc_any(size_t size); /* the same, its bytes may be any */
/* Takes and gives; what was added is not zeroed. NULL: the old block is still
   there. */
void *mem_resize(void *block, size_t size);
char *mem_text(const char *text); /* copy; NULL is passed on; gives */
char *mem_format(const char *format, ...)
    __attribute__((format(printf, 1, 2))); /* gives */
void *mem_free(void *block);               /* takes; always NULL */

/* ---- tagged blocks ----
   For FaxFreeBuffer and FaxLocalFree, which must survive a foreign pointer:
   a pointer is looked up here, never followed. */
/* MEM_CALL: a struct fax_call, freed as MEM_LOCAL but told apart. */
enum mem_tag { MEM_PLAIN, MEM_BUFFER, MEM_LOCAL, MEM_CALL };
/* Zeroed; gives. MEM_PLAIN: as mem_alloc, for mem_free. A block of another tag
   is freed by mem_free_tagged only, and never resized. */
void *mem_alloc_tagged(size_t size, enum mem_tag tag);
/* Takes; 0 = not alive or not of this tag, nothing was done. */
int mem_free_tagged(void *block, enum mem_tag tag);
/* The size it was made with; 0 = not alive or not of this tag. */
size_t mem_tagged_size(const void *block, enum mem_tag tag);

/* ---- debug mode ----
   On when FAX_DEBUG_MEMORY is in the environment at the first allocation, or by
   mem_debug(1) before it; from then on it stays as it is. */
void mem_debug(int on);
size_t mem_live(void);   /* blocks and objects alive (debug mode) */
size_t mem_faults(void); /* double frees, writes after the free or before the
                            block that were noticed (debug mode) */
void mem_fail_after(long n); /* n allocations from now succeed, all after them
                                fail; -1 = none fails (debug mode) */
/* The same with the next one alone. */
void mem_fail_once_after(long n);
bool mem_failed(void); /* one has failed so since mem_fail_after */
/* `line` is called under the lock of the list: it must not allocate here. */
void mem_report_live(void (*line)(void *arg, const char *text), void *arg);
bool mem_must_fail(void); /* counts as an allocation; for src/base only */

#endif
