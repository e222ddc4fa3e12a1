/* SPDX-License-Identifier: MIT
   Records grow old by the date, some thousands an hour at most: the writer is
   soon back for those who wait. */
#include "service/record/record.h"

#define PAUSE 3600.0
#define DAY (INT64_C(24) * 3600 * FAX_SECOND)
/* Changes at once; store_expire says what each takes. */
#define AT_ONCE 8

static DWORD expire(struct service *s, int64_t before) {
  struct store_changes *c;
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  for (int n = 0; n < AT_ONCE && error == ERROR_SUCCESS; n++)
    error = store_expire(c, STORE_RECORDS, time_to_filetime(before));
  if (error != ERROR_SUCCESS)
    store_changes_drop(c);
  else
    store_commit(s->store, c, STORE_TRY, NULL, NULL);
  return error;
}

bool record_step(struct service *s, fax_deadline now,
                 fax_deadline *next_inout) {
  if (s->store == NULL || s->config.record_days == 0) return false;
  if (now < s->records_due) {
    sooner(next_inout, s->records_due);
    return false;
  }
  s->records_due = clock_after(now, PAUSE);
  expire(s, service_wall(s) - s->config.record_days * DAY);
  return true;
}
