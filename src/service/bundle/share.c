/* SPDX-License-Identifier: MIT
   What of a call's pages is one job's. */
#include "service/bundle/bundle.h"

static DWORD end_of(const struct share *h) {
  return h->before + h->pages;
}

static bool is_all(const struct share *h) {
  return h->pages == 0;
}

DWORD share_confirmed(const struct share *h, DWORD confirmed) {
  if (is_all(h) || confirmed == FAX_UNKNOWN) return confirmed;
  if (confirmed <= h->before) return 0;
  return confirmed < end_of(h) ? confirmed - h->before : h->pages;
}

bool share_is_done(const struct share *h, DWORD confirmed) {
  return !is_all(h) && confirmed != FAX_UNKNOWN && confirmed >= end_of(h);
}

bool share_is_passed(const struct share *h, DWORD confirmed) {
  return !is_all(h) && confirmed != FAX_UNKNOWN && confirmed > end_of(h);
}

bool share_has(const struct share *h, DWORD page) {
  return is_all(h) || (page > h->before && page <= end_of(h));
}

DWORD share_page(const struct share *h, DWORD page) {
  if (is_all(h) || page == 0 || page == FAX_UNKNOWN) return page;
  if (page <= h->before) return h->first;
  if (page > end_of(h)) page = end_of(h);
  return h->first + (page - h->before) - 1;
}
