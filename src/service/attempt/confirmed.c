/* SPDX-License-Identifier: MIT
   What a call says of a document's pages: how many need not be sent again, and
   whether the fax was delivered. One rule for a call that ended and for one
   that a crash ended; functions of their arguments alone.

   A provider counts the pages of its call. That counts pages of the document
   only where it also noted (FaxOperationCommit) with which it began: it may not
   have asked where to begin, and have sent the first ones again. Of one that
   notes none the next call begins behind as many pages as it counted, and the
   fax is delivered by a call that counted all of them. */
#include "service/attempt/attempt.h"

struct call_pages attempt_pages(const struct attempt *a) {
  return (struct call_pages){.before = a->before,
                             .first = a->first_noted,
                             .confirmed = a->progress.pages_confirmed,
                             .pages = a->job->pages};
}

/* One that began behind a page that is to be sent says nothing about that. */
static bool counts_pages(const struct call_pages *c) {
  return c->first != FAX_UNKNOWN && c->first != 0 && c->first <= c->before + 1;
}

static DWORD at_most(DWORD n, DWORD most) {
  return n < most ? n : most;
}

/* The last page that the call confirmed, if its count is believed. */
static DWORD reached(const struct call_pages *c) {
  DWORD begun = counts_pages(c) ? c->first - 1 : c->before;
  DWORD confirmed = c->confirmed != FAX_UNKNOWN ? c->confirmed : 0;
  DWORD from = at_most(begun, c->pages);
  return from + at_most(confirmed, c->pages - from);
}

DWORD pages_confirmed(const struct call_pages *c) {
  DWORD before = at_most(c->before, c->pages), last = reached(c);
  return last > before ? last : before;
}

bool pages_delivered(const struct call_pages *c) {
  if (c->confirmed == FAX_UNKNOWN) return false;
  return c->confirmed >= c->pages ||
         (counts_pages(c) && reached(c) >= c->pages);
}

DWORD pages_to_skip(const struct call_pages *c) {
  DWORD confirmed = pages_confirmed(c);
  if (pages_delivered(c) || confirmed < c->pages || c->pages == 0)
    return confirmed;
  return c->pages - 1; /* the next call must have a page to send */
}

DWORD pages_in_doubt(const struct call_pages *c, DWORD noted) {
  if (pages_delivered(c)) return 0;
  if (noted == FAX_UNKNOWN) return FAX_UNKNOWN;
  return noted > pages_confirmed(c) ? noted : 0;
}
