/* SPDX-License-Identifier: MIT
   Progress that owns its texts, and what must hold of a text that comes from
   outside. Knows no operation. */
#ifndef FAX_PROVIDER_PROGRESS_H
#define FAX_PROVIDER_PROGRESS_H

#include <fax/fax_operation.h>
#include <stdbool.h>

#include "base/text.h"

/* Nothing known, no texts, no time line. */
void progress_init(struct fax_progress *progress);
/* Frees the texts and the time line of a progress that owns them. */
void progress_clear(struct fax_progress *progress);

/* What `from` (borrowed) knows replaces what `into`, which owns its texts,
   knew. Members beyond from->size are not read. A text that is not UTF-8, or
   that there is no memory for, is as one not known; of a time line timeline.h
   says what is kept. */
void progress_merge(struct fax_progress *into, const struct fax_progress *from);

/* `from`, or what of it lies within from->size; borrows its texts and
   its time line. */
void progress_read(const struct fax_progress *from, struct fax_progress *out);

/* How much of a sized structure of `size` bytes, whose pointers begin at
   `texts`, can be copied when the other side has `other` bytes: never half a
   pointer. */
size_t progress_common(size_t size, size_t texts, size_t other);

#endif
