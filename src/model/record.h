/* SPDX-License-Identifier: MIT
   What is derived from the description of a record (fax_record.h): the deep
   copy into one block, and the JSON that files and the wire carry. The
   descriptions themselves are in table/. */
#ifndef FAX_MODEL_RECORD_H
#define FAX_MODEL_RECORD_H

#include <fax/fax_record.h>
#include <fax/faxerr.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mem.h"

struct json_t; /* jansson.h */

/* Copies `n` items with all that they point to into one block, the items first
   (MEM-3). With n = 0 the block is there all the same, to be freed. Borrows the
   items; gives the block: MEM_BUFFER for FaxFreeBuffer, MEM_LOCAL for
   FaxLocalFree. ERROR_NOT_ENOUGH_MEMORY. */
DWORD record_pack(const struct fax_record *r, const void *items, size_t n,
                  enum mem_tag tag, void **block_out);

/* The size of the block that record_pack would make. */
size_t record_packed_size(const struct fax_record *r, const void *items,
                          size_t n);

/* The record as a JSON object; NULL: no memory. Gives (json_decref). Keys are
   the names that bindings use (`lua`). Numbers are numbers, times too (seconds
   since 1970, to the microsecond, SYSTEMTIME to the millisecond); enumerations
   are names, or the number where there is no name; flags arrays of names, with
   the bits that have none as one number at the end; 64-bit ids are digits in a
   text; milliseconds are seconds; FAX_TIME is "HH:MM". What is NULL or not
   known is left out, and so are sizes, counts and reserved members. A byte that
   is no UTF-8 becomes U+FFFD. A time of day that is none, "25:00", is a number;
   a FILETIME that seconds cannot tell may come as its digits.
 */
struct json_t *record_to_json(const struct fax_record *r, const void *item);

/* The same as text, appended; and `n` of them, as an array. Between other text
   it goes behind a bracket, a comma or a colon. Much faster than by way of the
   tree. ERROR_NOT_ENOUGH_MEMORY: a part may have been appended. */
DWORD record_write(const struct fax_record *r, const void *item,
                   struct bytes *to);
DWORD record_write_all(const struct fax_record *r, const void *items, size_t n,
                       struct bytes *to);

/* The way back, where a size may come too. Borrows `in`; what the record points
   to lives in the arena. null is as absent: NULL, not known, zero.
   ERROR_INVALID_DATA: an unknown key, a wrong type or value, more than the
   arena may hold; the sentence names the key. ERROR_NOT_ENOUGH_MEMORY. Nothing
   is written then. */
DWORD record_from_json(const struct fax_record *r, const struct json_t *in,
                       void *item_out, struct arena *a);

extern const struct fax_record record_port_info, record_job_entry,
    record_job_param, record_coverpage_info, record_device_status, record_event,
    record_configuration, record_log_category, record_routing_method,
    record_global_routing_info, record_print_info, record_fax_event,
    record_progress, record_attempt, record_job_result, record_page,
    record_rendered, record_received, record_provider_info, record_t30_event,
    record_operation, record_number, record_policy_rule, record_policy_step,
    record_policy_question, record_policy_explanation, record_archived,
    record_attempt_record, record_dial_port, record_dial_plan;

#endif
