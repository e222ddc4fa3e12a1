/* SPDX-License-Identifier: MIT
   Memory: counted objects and plain blocks, with a debug mode that lists what
   is alive, poisons what was freed and makes the n-th allocation fail.
   Everything in libfax allocates here. */
#ifndef FAX_BASE_MEM_H
#define FAX_BASE_MEM_H

#include <fax/faxtypes.h>

/* ---- counted objects ---- */

typedef void mem_destroy_fn(void *object);

/* A zeroed object with a count of one; `destroy` (may be NULL) releases what it
   holds when the count reaches zero, and must tolerate a half-built object. */
void *mem_new(size_t size, mem_destroy_fn *destroy); /* gives; NULL: memory */
void *mem_ref(void *object);                         /* NULL is passed on */
void *mem_unref(void *object); /* takes; always NULL, so x = mem_unref(x) */

/* ---- plain blocks ---- */

void *mem_alloc(size_t size);              /* zeroed; gives */
void *mem_resize(void *block, size_t size); /* takes and gives; NULL: the old
                                               block is still there */
char *mem_text(const char *text);          /* copy; NULL is passed on; gives */
char *mem_format(const char *format, ...)
    __attribute__((format(printf, 1, 2))); /* gives */
void *mem_free(void *block);               /* takes; always NULL */

/* The block was given by mem_alloc, mem_text or mem_format and is alive. For
   FaxFreeBuffer and FaxLocalFree, which must survive a foreign pointer: looks
   the pointer up, never follows it. */
enum mem_tag { MEM_PLAIN, MEM_BUFFER, MEM_LOCAL };
void *mem_alloc_tagged(size_t size, enum mem_tag tag);
int mem_free_tagged(void *block, enum mem_tag tag); /* 0 = not one of them */

/* ---- debug mode ----
   On when FAX_DEBUG_MEMORY is in the environment at the first allocation, or by
   mem_debug(1) before it. */
void mem_debug(int on);
size_t mem_live(void);         /* blocks and objects alive (debug mode) */
void mem_fail_after(long n);   /* the n-th allocation from now fails, and all
                                  after it; -1 = none */
void mem_report_live(void (*line)(void *arg, const char *text), void *arg);

#endif
