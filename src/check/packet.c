/* SPDX-License-Identifier: MIT
   What the FSP posts, looked at where it is posted: the service would find the
   same a moment later, but not who and when. Blocks are freed at once, as the
   service may. */
#include <dlfcn.h>
#include <string.h>

#include "check/check.h"

bool status_is_final(DWORD status) {
  return status != 0 && status != FS_INITIALIZING && status != FS_DIALING &&
         status != FS_TRANSMITTING && status != FS_RECEIVING &&
         status != FS_ANSWERED;
}

static bool is_predefined(DWORD status) {
  static const DWORD known[] = {
      FS_INITIALIZING,     FS_DIALING,      FS_TRANSMITTING,
      FS_RECEIVING,        FS_COMPLETED,    FS_HANDLED,
      FS_LINE_UNAVAILABLE, FS_BUSY,         FS_NO_ANSWER,
      FS_BAD_ADDRESS,      FS_NO_DIAL_TONE, FS_DISCONNECTED,
      FS_FATAL_ERROR,      FS_NOT_FAX_CALL, FS_CALL_DELAYED,
      FS_CALL_BLACKLISTED, FS_USER_ABORT,   FS_ANSWERED};

  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (status == known[i]) return true;
  return false;
}

/* One character: 1 to 4 bytes; 0: it is none. */
static size_t character(const unsigned char *s) {
  size_t more = s[0] < 0x80   ? 0
                : s[0] < 0xc2 ? 4
                : s[0] < 0xe0 ? 1
                : s[0] < 0xf0 ? 2
                : s[0] < 0xf5 ? 3
                              : 4;

  if (more == 4) return 0;
  for (size_t i = 1; i <= more; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  if (s[0] == 0xe0 && s[1] < 0xa0) return 0;
  if (s[0] == 0xed && s[1] > 0x9f) return 0;
  if (s[0] == 0xf0 && s[1] < 0x90) return 0;
  if (s[0] == 0xf4 && s[1] > 0x8f) return 0;
  return more + 1;
}

bool utf8(const char *text) {
  const unsigned char *s = (const unsigned char *)text;

  while (*s != 0) {
    size_t n = character(s);
    if (n == 0) return false;
    s += n;
  }
  return true;
}

bool text_sound(enum rule rule, const char *what, const char *text,
                const void *block, size_t behind, size_t size) {
  uintptr_t at = (uintptr_t)text, start = (uintptr_t)block;

  if (text == NULL) return true;
  if (at < start + behind || at >= start + size)
    breach(rule, "%s lies outside of the block", what);
  else if (memchr(text, '\0', start + size - at) == NULL)
    breach(rule, "%s has no end within the block", what);
  else if (!utf8(text))
    breach(rule, "%s is not UTF-8 (FSP-13)", what);
  else
    return true;
  return false;
}

/* A status of the provider's own has a text for people (FSP-54). */
static void check_own(const FAX_DEV_STATUS *status) {
  char text[256];
  BOOL known = FALSE;

  if (status->StringId == 0)
    breach(RULE_STATUS, "status 0x%08x is its own and has no StringId",
           (unsigned)status->StatusId);
  if (module.string == NULL || status->StringId == 0) return;
  memset(text, 'x', sizeof text);
  WATCHED("fax_provider_string", settings.limit,
          known = module.string(status->StringId, text, sizeof text));
  if (!known)
    breach(RULE_STATUS, "fax_provider_string does not know StringId %u",
           (unsigned)status->StringId);
  else if (memchr(text, '\0', sizeof text) == NULL || !utf8(text))
    breach(RULE_STATUS, "the text of StringId %u has no end or is not UTF-8",
           (unsigned)status->StringId);
}

void status_check(enum rule rule, const FAX_DEV_STATUS *s, size_t size) {
  enum rule texts = rule == RULE_REPORT ? RULE_REPORT : RULE_TEXTS;

  held(rule);
  held(texts);
  held(RULE_STATUS);
  if (s->SizeOfStruct != sizeof *s)
    breach(rule, "SizeOfStruct is %u, not %zu", (unsigned)s->SizeOfStruct,
           sizeof *s);
  for (size_t i = 0; i < sizeof s->Reserved / sizeof *s->Reserved; i++)
    if (s->Reserved[i] != 0) breach(rule, "Reserved[%zu] is not 0", i);
  text_sound(texts, "CSI", s->CSI, s, sizeof *s, size);
  text_sound(texts, "CallerId", s->CallerId, s, sizeof *s, size);
  text_sound(texts, "RoutingInfo", s->RoutingInfo, s, sizeof *s, size);
  if (!is_predefined(s->StatusId) && s->StatusId != 0) check_own(s);
  if ((!status_is_final(s->StatusId) || s->StatusId == FS_COMPLETED) &&
      s->ErrorCode != NO_ERROR)
    breach(RULE_STATUS, "status 0x%08x goes with ErrorCode %u",
           (unsigned)s->StatusId, (unsigned)s->ErrorCode);
}

/* ---- packets ---- */

static void on_ring(DWORD bytes, const LINEMESSAGE *m) {
  held(RULE_LINE_MESSAGE);
  if (block_size(BLOCK_LOCAL, m) < sizeof *m || bytes != sizeof *m) {
    breach(RULE_LINE_MESSAGE,
           "a line message of %u bytes that is no block of FaxLocalAlloc of "
           "that size",
           (unsigned)bytes);
    return;
  }
  if (m->dwMessageID != 0 || m->dwCallbackInstance != 0 ||
      m->dwParam1 != LINEDEVSTATE_RINGING || m->dwParam2 != 0)
    breach(RULE_LINE_MESSAGE, "a line message that is no ring");
  else if (m->hDevice - module.first_device >= module.device_count)
    breach(RULE_LINE_MESSAGE, "a ring of device %u, which it does not have",
           (unsigned)m->hDevice);
  else
    answer_ring(m->hDevice);
}

/* With `world`: the order of what is said of one operation. */
static void follow(struct job *j, const FAX_DEV_STATUS *s) {
  held(RULE_ONE_END);
  held(RULE_AFTER_END);
  if (j->ended)
    breach(RULE_AFTER_END, "status 0x%08x was posted after FaxDevEndJob",
           (unsigned)s->StatusId);
  else if (j->final)
    breach(RULE_ONE_END, "status 0x%08x was posted behind a final one",
           (unsigned)s->StatusId);
  if (status_is_final(s->StatusId)) j->final = true;
  if (s->StatusId == FS_TRANSMITTING || s->StatusId == FS_RECEIVING)
    j->page = s->PageCount;
  j->packets++;
  pthread_cond_broadcast(&changed);
}

static void on_status(DWORD bytes, ULONG_PTR key, const FAX_DEV_STATUS *s) {
  size_t size = block_size(BLOCK_HEAP, s);
  struct job *j;

  held(RULE_HEAP_BLOCK);
  held(RULE_KEY);
  pthread_mutex_lock(&world);
  j = job_of(key);
  pthread_mutex_unlock(&world);
  if (j == NULL)
    breach(RULE_KEY, "a packet with a key that FaxDevStartJob was not given");
  if (size < sizeof *s || bytes != size) {
    breach(RULE_HEAP_BLOCK,
           "a packet of %u bytes, whose block has %zu in the heap of "
           "FaxDevInitialize",
           (unsigned)bytes, size);
    return;
  }
  status_check(RULE_CONTENTS, s, size);
  pthread_mutex_lock(&world);
  if (j != NULL) follow(j, s);
  pthread_mutex_unlock(&world);
}

FAX_EXPORT BOOL FaxPostCompletion(HANDLE port, DWORD bytes, ULONG_PTR key,
                                  void *packet) {
  __typeof__(&FaxPostCompletion) real;
  void *found;

  if (port == module.port && port != NULL) {
    if (key == module.ring_key)
      on_ring(bytes, packet);
    else
      on_status(bytes, key, packet);
    block_free(packet);
    return TRUE;
  }
  held(RULE_KEY);
  breach(RULE_KEY, "a packet to a port that is not the service's");
  found = dlsym(RTLD_NEXT, "FaxPostCompletion");
  memcpy(&real, &found, sizeof real);
  return real(port, bytes, key, packet);
}
