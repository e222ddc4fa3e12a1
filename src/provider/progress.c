/* SPDX-License-Identifier: MIT
   Copies and merges progress. Knows no operation and no lock. */
#include "provider/progress.h"

#include <string.h>

#include "base/mem.h"
#include "provider/timeline.h"

#define TEXTS offsetof(struct fax_progress, remote_id)

/* The members between `size` and the texts are DWORDs; those behind, texts. */
enum {
  NUMBERS = offsetof(struct fax_progress, image_bytes) / sizeof(DWORD),
  TEXT_COUNT =
      (offsetof(struct fax_progress, timeline) - TEXTS) / sizeof(char *)
};
_Static_assert(offsetof(struct fax_progress, phase) == sizeof(DWORD),
               "numbers follow the size");
_Static_assert(TEXTS - offsetof(struct fax_progress, image_bytes) <=
                   2 * sizeof(DWORD),
               "the texts follow the last number");
_Static_assert(offsetof(struct fax_progress, advice) ==
                   TEXTS + (TEXT_COUNT - 1) * sizeof(char *),
               "nothing but texts before the time line");
_Static_assert(offsetof(struct fax_progress, quality) ==
                   offsetof(struct fax_progress, timeline_count) +
                       sizeof(DWORD),
               "numbers follow its count");

static DWORD *numbers(struct fax_progress *p) {
  return &p->phase;
}
static const char **texts(struct fax_progress *p) {
  return &p->remote_id;
}

size_t progress_common(size_t size, size_t texts_at, size_t other) {
  size_t common = size < other ? size : other;

  if (common < texts_at) return common / sizeof(DWORD) * sizeof(DWORD);
  return texts_at + (common - texts_at) / sizeof(char *) * sizeof(char *);
}

void progress_init(struct fax_progress *progress) {
  *progress = (struct fax_progress)FAX_PROGRESS_INIT;
}

void progress_clear(struct fax_progress *progress) {
  for (int i = 0; i < TEXT_COUNT; i++) mem_free((void *)texts(progress)[i]);
  timeline_free(progress->timeline);
  progress_init(progress);
}

void progress_read(const struct fax_progress *from, struct fax_progress *out) {
  progress_init(out);
  memcpy(out, from, progress_common(sizeof *out, TEXTS, from->size));
  out->size = sizeof *out;
  if (out->timeline == NULL || out->timeline_count == 0) {
    out->timeline = NULL;
    out->timeline_count = 0;
  }
}

static void merge_number(DWORD *into, DWORD given) {
  if (given != FAX_UNKNOWN) *into = given;
}

static void merge_timeline(struct fax_progress *into,
                           const struct fax_progress *given) {
  struct fax_t30_event *copy;
  DWORD count = given->timeline_count;

  if (timeline_copy(given->timeline, &count, &copy) != ERROR_SUCCESS) return;
  timeline_free(into->timeline);
  into->timeline = copy;
  into->timeline_count = count;
}

void progress_merge(struct fax_progress *into,
                    const struct fax_progress *from) {
  struct fax_progress given;

  progress_read(from, &given);
  /* The bytes are those of the page at work. */
  if (given.page != FAX_UNKNOWN && given.page != into->page)
    into->image_bytes = FAX_UNKNOWN;
  for (int i = 0; i < NUMBERS; i++)
    merge_number(&numbers(into)[i], numbers(&given)[i]);
  merge_number(&into->quality, given.quality);
  merge_number(&into->transport, given.transport);
  for (int i = 0; i < TEXT_COUNT; i++) {
    const char *text = texts(&given)[i];
    char *copy = text == NULL || !text_is_utf8(text) ? NULL : mem_text(text);

    if (copy == NULL) continue;
    mem_free((void *)texts(into)[i]);
    texts(into)[i] = copy;
  }
  if (given.timeline != NULL) merge_timeline(into, &given);
}
