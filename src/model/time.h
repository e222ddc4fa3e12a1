/* SPDX-License-Identifier: MIT
   Times of day: nanoseconds since 1970 inside, FILETIME and SYSTEMTIME (UTC) in
   the records. The only place that converts. */
#ifndef FAX_MODEL_TIME_H
#define FAX_MODEL_TIME_H

#include <fax/faxtypes.h>
#include <stdbool.h>

FILETIME time_to_filetime(int64_t wall);
int64_t time_from_filetime(FILETIME t); /* before 1970: negative */

/* To the microsecond. False: the clock's 64 bits of nanoseconds cannot hold it
   (1678..2261). */
bool time_filetime_of_seconds(double seconds, FILETIME *out);

/* False: not a date (JOB-3: such a ScheduleTime is refused). */
bool time_from_systemtime(const SYSTEMTIME *t, int64_t *wall_out);
void time_to_systemtime(int64_t wall, SYSTEMTIME *out);

#endif
