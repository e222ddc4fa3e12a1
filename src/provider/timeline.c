/* SPDX-License-Identifier: MIT
   Copies a time line; see timeline.h. */
#include "provider/timeline.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/record.h"

/* With its end; the longest of T.30 has five letters. */
#define FRAME_SIZE 32

static bool sound(const struct fax_t30_event *e) {
  return e->frame != NULL && e->frame[0] != '\0' &&
         strnlen(e->frame, FRAME_SIZE) < FRAME_SIZE && text_is_utf8(e->frame);
}

/* Bytes behind the end are not handed on. */
static void take(struct fax_t30_event *to, const struct fax_t30_event *from) {
  size_t length = strnlen(from->details, sizeof from->details);

  memset(to, 0, sizeof *to);
  to->moment = from->moment;
  to->sent = from->sent != 0;
  to->frame = from->frame;
  if (length < sizeof from->details && text_is_utf8(from->details))
    memcpy(to->details, from->details, length);
}

static DWORD pack(const struct fax_t30_event *events, DWORD count,
                  struct fax_t30_event **copy_out) {
  void *block;
  DWORD error =
      record_pack(&record_t30_event, events, count, MEM_BUFFER, &block);

  if (error == ERROR_SUCCESS) *copy_out = block;
  return error;
}

DWORD timeline_copy(const struct fax_t30_event *events, DWORD *count_inout,
                    struct fax_t30_event **copy_out) {
  DWORD most = *count_inout, count = 0, error = ERROR_SUCCESS;
  struct fax_t30_event *taken;

  if (most > FAX_T30_MOST_EVENTS) most = FAX_T30_MOST_EVENTS;
  taken = mem_alloc((most + 1) * sizeof *taken);
  if (taken == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < most; i++)
    if (sound(&events[i])) take(&taken[count++], &events[i]);
  if (count == 0)
    *copy_out = NULL;
  else
    error = pack(taken, count, copy_out);
  mem_free(taken);
  if (error == ERROR_SUCCESS) *count_inout = count;
  return error;
}

void timeline_free(const struct fax_t30_event *copy) {
  mem_free_tagged((void *)copy, MEM_BUFFER);
}
