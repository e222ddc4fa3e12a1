/* SPDX-License-Identifier: MIT
   What is derived from the description of a record (fax_record.h): for now the
   deep copy into one block. The descriptions themselves are in tables.c. */
#ifndef FAX_MODEL_RECORD_H
#define FAX_MODEL_RECORD_H

#include <fax/fax_record.h>
#include <fax/faxerr.h>

#include "base/mem.h"

/* Copies `n` items with all that they point to into one block, the items first
   (MEM-3). With n = 0 the block is there all the same, to be freed. Borrows the
   items; gives the block: MEM_BUFFER for FaxFreeBuffer, MEM_LOCAL for
   FaxLocalFree. ERROR_NOT_ENOUGH_MEMORY. */
DWORD record_pack(const struct fax_record *r, const void *items, size_t n,
                  enum mem_tag tag, void **block_out);

/* The size of the block that record_pack would make. */
size_t record_packed_size(const struct fax_record *r, const void *items,
                          size_t n);

extern const struct fax_record record_port_info, record_job_entry,
    record_job_param, record_coverpage_info, record_device_status, record_event,
    record_configuration, record_log_category, record_routing_method,
    record_global_routing_info, record_print_info, record_fax_event,
    record_attempt, record_job_result, record_page, record_rendered,
    record_received;

#endif
