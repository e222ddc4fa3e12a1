/* SPDX-License-Identifier: MIT
   Finding a method and serving it. */
#include "method/method.h"

#include <fax/winfax.h>
#include <string.h>

#include "base/mem.h"
#include "method/access.h"
#include "method/archive.h"
#include "method/config.h"
#include "method/find.h"
#include "method/history.h"
#include "method/job.h"
#include "method/number.h"
#include "method/port.h"
#include "method/routing.h"
#include "model/table/table.h"

static const struct method *const all[] = {
    &method_access_ask,
    /* job.c, document.c, batch.c */
    &method_job_list, &method_job_read, &method_job_set, &method_job_abort,
    &method_job_page, &method_job_result, &method_job_submit,
    &method_job_submit_all, &method_batch_open, &method_batch_add,
    &method_batch_commit, &method_document_make, &method_document_file,
    /* port.c, routing.c */
    &method_port_list, &method_port_open, &method_port_read, &method_port_set,
    &method_port_status, &method_provider_list, &method_routing_list,
    &method_routing_enable, &method_routing_read, &method_routing_write,
    &method_routing_global, &method_routing_order,
    /* config.c, number.c */
    &method_config_read, &method_config_set, &method_logging_read,
    &method_logging_set, &method_dial_plan, &method_number_list,
    &method_number_set, &method_number_forget, &method_policy_explain,
    /* history.c, archive.c */
    &method_record_list, &method_metrics_read, &method_archive_list,
    &method_archive_read, &method_archive_remove, &method_archive_purge,
    &method_inbox_list, &method_archive_file, &method_inbox_file,
    &method_job_file};

const struct method *method_at(size_t n) {
  return n < sizeof all / sizeof *all ? all[n] : NULL;
}

const struct method *method_find(const char *name) {
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  return NULL;
}

DWORD method_serve(HANDLE handle, const struct method *m, const void *in,
                   void *out) {
  void *object;
  DWORD error = find_object(handle, m->on, &object);
  if (error != ERROR_SUCCESS) return error;
  if (m->out != NULL) memset(out, 0, m->out->size);
  error = m->serve(object, handle, in, out);
  mem_unref(object);
  return error;
}

void method_free_out(const struct fax_record *r, void *out) {
  char *at = out;
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    void *block;
    if (f->kind != FAX_FIELD_RECORD && f->kind != FAX_FIELD_RECORDS &&
        f->kind != FAX_FIELD_DWORDS && f->kind != FAX_FIELD_BYTES &&
        f->kind != FAX_FIELD_TEXT)
      continue;
    memcpy(&block, at + f->offset, sizeof block);
    FaxFreeBuffer(block);
  }
}

char *method_text(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = mem_alloc_tagged(size, MEM_BUFFER);
  return copy != NULL ? memcpy(copy, text, size) : NULL;
}

/* ---- shapes ---- */

#define R struct method_id
static const struct fax_field id[] = {FIELD(DWORD, id, "id"), END};
RECORD(method_id_record, id, id);
#undef R

#define R struct fax_file
static const struct fax_field file[] = {FIELD(DWORD, id, "id"),
                                        NAMED(ENUM, form, "form", names_form),
                                        FIELD(DWORD, page, "page"), END};
RECORD(method_file_record, file, file);
#undef R

#define R struct method_handle
static const struct fax_field handle[] = {FIELD(HANDLE, handle, "handle"), END};
RECORD(method_handle_record, handle, handle);
#undef R

#define R struct method_number
static const struct fax_field number[] = {FIELD(TEXT, number, "number"), END};
RECORD(method_number_record, number, number);
#undef R

#define R struct method_count
static const struct fax_field count[] = {FIELD(DWORD, count, "count"), END};
RECORD(method_count_record, count, count);
#undef R

#define R struct method_bytes
static const struct fax_field bytes[] = {LISTED(BYTES, data, "data", size),
                                         END};
RECORD(method_bytes_record, bytes, bytes);
#undef R
