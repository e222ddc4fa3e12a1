/* SPDX-License-Identifier: MIT
   The service as the API sees it: one function a call, with the access checks
   in it. Knows no handle table user but its own, no socket, no Lua. Functions
   return ERROR_* codes; results are blocks for FaxFreeBuffer. None may be
   called under a lock; any thread. */
#ifndef FAX_SERVICE_SERVICE_H
#define FAX_SERVICE_SERVICE_H

#include <fax/fax_archive.h>
#include <fax/fax_history.h>
#include <fax/fax_queue.h>
#include <fax/fax_provider.h>
#include <fax/fax_service.h>
#include <stdbool.h>

struct connection;  /* behind a server handle; counted (mem_unref) */
struct port_handle; /* behind a port handle; counted */
struct document;    /* behind a document handle; counted */

/* ---- life ---- */
DWORD service_check(const struct fax_service_config *config);
/* What lets other processes in: opened when the service runs, closed, on the
   scheduler's thread and without a lock, before it lets go of its directory. */
struct service_door {
  DWORD(*open)
  (const struct fax_service_config *config, const char *directory,
   DWORDLONG boot, void **door_out);
  void (*close)(void *door);
  /* Who is let in, as a configuration says, for a reload: made before (it may
     be NULL, which dropping and taking know), and taken by a door that is open,
     which does not fail, takes microseconds and calls nobody. */
  DWORD (*new_rules)(const struct fax_service_config *config, void **rules_out);
  void (*drop_rules)(void *rules);
  void (*take_rules)(void *door, void *rules);
};
/* door NULL: none. Takes config->listen_fd, on an error too. */
DWORD service_start(const struct fax_service_config *config,
                    const struct service_door *door);
void service_ask_stop(fax_deadline until, fax_deadline drain);
DWORD service_stop(fax_deadline until, fax_deadline drain);
BOOL service_running(void);
DWORD service_reload(const struct fax_service_config *config, char **left_out);
DWORD service_note(DWORD level, const char *room, const char *text);

/* ---- connections ---- */
/* What somebody may at most. Whoever opened connections with it may change it,
   and they follow, and their subscriptions. Counted (mem_unref). */
struct grant {
  _Atomic DWORD rights;
};
/* grant NULL: all. Keeps a reference. */
DWORD connection_open(const struct fax_connect *connect, struct grant *grant,
                      HANDLE *handle_out);
/* The handle was taken out of the table: releases what was opened by it. */
void connection_closed(struct connection *c, HANDLE handle);
void port_handle_closed(struct port_handle *h);
/* Of the service; it tells one run from another. */
DWORDLONG connection_boot(const struct connection *c);
/* All of the mask (SEC-4, -5): ERROR_SUCCESS or ERROR_ACCESS_DENIED is the
   answer, any other code a failure of the question. */
DWORD access_ask(struct connection *c, DWORD mask);
/* What FaxClose is to return for it, with FAX_COMPAT_CLOSE_RIGHT (CONN-8). */
DWORD access_close(const struct connection *c);
const struct connection *port_handle_connection(const struct port_handle *h);

/* ---- ports ---- */
DWORD port_list(struct connection *c, FAX_PORT_INFO **ports_out,
                DWORD *count_out);
DWORD port_open(struct connection *c, HANDLE owner, DWORD device_id,
                DWORD flags, HANDLE *handle_out);
DWORD port_read(struct port_handle *h, FAX_PORT_INFO **port_out);
DWORD port_set(struct port_handle *h, const FAX_PORT_INFO *info);
DWORD port_status(struct port_handle *h, FAX_DEVICE_STATUS **status_out);

/* ---- providers that come and go ---- */
struct attachment; /* behind a provider handle; counted */
DWORD attachment_open(struct connection *c, const struct fax_attach *attach,
                      HANDLE *handle_out);
DWORD attachment_load(struct connection *c, const struct fax_load *load,
                      HANDLE *handle_out);
void attachment_closed(struct attachment *a);
DWORD attachment_device_count(const struct attachment *a);
DWORD attachment_devices(const struct attachment *a, DWORD *ids, DWORD count);
/* Each tick is answered, by attachment_alive (provider_answers). */
void attachment_answers(struct attachment *a);
void attachment_alive(struct attachment *a);
DWORD attachment_ring(struct attachment *a, DWORD device_id, DWORD rings,
                      const char *caller_id);

DWORD provider_list(struct connection *c,
                    struct fax_provider_info **providers_out, DWORD *count_out);

/* ---- dialling ---- */
DWORD dial_plan(struct connection *c, const char *number,
                struct fax_dial_plan **plan_out);

/* ---- jobs ---- */
/* What is wrong with them whatever the service is like. */
DWORD document_check_asked(const struct fax_document *ask);
DWORD submission_check(const struct fax_submission *submission);
/* Makes the pages and, with handle_out, a handle owned by `owner`; gives the
   document too (mem_unref). */
DWORD document_make(struct connection *c, HANDLE owner,
                    const struct fax_document *ask, HANDLE *handle_out,
                    struct document **document_out);
/* The id that FaxSendDocumentForBroadcast gives (BC-7). */
DWORD document_id(const struct document *d);
/* `document` may be NULL: then it is made of the submission's files. */
DWORD job_submit(struct connection *c, const struct fax_submission *submission,
                 struct document *document, DWORD *id_out);
/* Each with its document, as above; one commit for all. Up to the first that is
   refused they are queued: ids_out, all zeros
   before, has their numbers. What
   the disk refuses it refuses for all. */
DWORD job_submit_all(struct connection *c,
                     const struct fax_submission *submissions,
                     struct document *const *documents, DWORD count,
                     DWORD *ids_out);
/* The same one by one: batch_add finds the errors of a submission, and the
   numbers (`id`: borrowed until then, may be NULL) are those of queued jobs
   when batch_commit succeeds. One thread at a time. */
struct batch; /* counted; what was not committed goes with it */
DWORD batch_open(struct connection *c, struct batch **batch_out);
DWORD batch_add(struct batch *b, const struct fax_submission *submission,
                struct document *document, DWORD *id);
DWORD batch_commit(struct batch *b);
/* The number of what was added last. */
DWORD batch_last(const struct batch *b);
DWORD job_list(struct connection *c, const struct fax_job_query *query,
               FAX_JOB_ENTRY **jobs_out, DWORD *count_out);
DWORD job_read(struct connection *c, DWORD id, FAX_JOB_ENTRY **job_out);
DWORD job_abort(struct connection *c, DWORD id);
DWORD job_set(struct connection *c, DWORD id, DWORD command,
              const FAX_JOB_ENTRY *entry);
/* Gives a block for FaxFreeBuffer. */
DWORD job_page(struct connection *c, DWORD id, BYTE **data_out, DWORD *size_out,
               DWORD *width_out, DWORD *height_out);
DWORD job_file(struct connection *c, DWORD id, const struct fax_file *ask,
               BYTE **data_out, DWORD *size_out);
/* Of a document handle. */
DWORD document_file(const struct document *d, const struct fax_file *ask,
                    BYTE **data_out, DWORD *size_out);
DWORD job_result(struct connection *c, DWORD id,
                 struct fax_job_result **result_out);

/* ---- records ---- */
DWORD record_list(struct connection *c, const struct fax_record_query *asked,
                  struct fax_attempt_record **records_out, DWORD *count_out);

/* Gives a block for FaxFreeBuffer. */
DWORD metrics_read(struct connection *c, char **text_out);

/* ---- events ---- */
/* ERROR_INVALID_DATA: a second documented one, with FAX_COMPAT_ONE_QUEUE. */
DWORD event_subscribe(struct connection *c, HANDLE port, ULONG_PTR key,
                      BOOL extended, DWORD *id_out);
void event_unsubscribe(DWORD id);
/* Packets that may wait in a port before events are missed. */
DWORD event_backlog(const struct connection *c);

/* ---- configuration ---- */
DWORD config_read(struct connection *c, FAX_CONFIGURATION **config_out);
DWORD config_set(struct connection *c, const FAX_CONFIGURATION *config);
DWORD logging_read(struct connection *c, FAX_LOG_CATEGORY **categories_out,
                   DWORD *count_out);
DWORD logging_set(struct connection *c, const FAX_LOG_CATEGORY *categories,
                  DWORD count);

/* ---- numbers (docs/policy.md) ---- */
/* number NULL: all. */
DWORD number_list(struct connection *c, const char *number,
                  struct fax_number **numbers_out, DWORD *count_out);
struct policy_handle; /* behind a handle of FaxAttachPolicy; counted */
DWORD policy_attach(struct connection *c, HANDLE port, ULONG_PTR key,
                    HANDLE *handle_out);
DWORD policy_answer(struct policy_handle *h, DWORD question,
                    const struct fax_policy_answer *answer);
void policy_handle_closed(struct policy_handle *h);
DWORD policy_explain(struct connection *c, DWORD id,
                     struct fax_policy_explanation **explanation_out);
DWORD number_set(struct connection *c, const struct fax_number *number);
DWORD number_forget(struct connection *c, const char *number);

/* ---- routing ---- */
DWORD routing_methods(struct port_handle *h, FAX_ROUTING_METHOD **methods_out,
                      DWORD *count_out);
DWORD routing_enable(struct port_handle *h, const char *guid, bool enabled);
DWORD routing_read(struct port_handle *h, const char *guid, BYTE **data_out,
                   DWORD *size_out);
DWORD routing_write(struct port_handle *h, const char *guid, const BYTE *data,
                    DWORD size);
DWORD routing_global(struct connection *c,
                     FAX_GLOBAL_ROUTING_INFO **methods_out, DWORD *count_out);
DWORD routing_order(struct connection *c,
                    const FAX_GLOBAL_ROUTING_INFO *method);

/* ---- registration ---- */
DWORD registration_add(const char *name, const char *friendly_name,
                       const char *image);
DWORD registration_remove(const char *name);

/* ---- the archive ---- */
DWORD archive_list(struct connection *c, const struct fax_archive_query *query,
                   struct fax_archived **faxes_out, DWORD *count_out);
DWORD archive_read(struct connection *c, DWORD id,
                   struct fax_archived **fax_out);
DWORD archive_remove(struct connection *c, const DWORD *ids, DWORD count,
                     DWORD *removed_out);
DWORD archive_purge(struct connection *c, const struct fax_archive_purge *purge,
                    DWORD *removed_out);

/* The file of one, in a block for FaxFreeBuffer; of one received by its job. */
DWORD archive_file(struct connection *c, DWORD id, const struct fax_file *ask,
                   BYTE **data_out, DWORD *size_out);
DWORD inbox_file(struct connection *c, DWORD job, const struct fax_file *ask,
                 BYTE **data_out, DWORD *size_out);

/* ---- received faxes ---- */
DWORD inbox_list(struct connection *c, FILETIME after,
                 struct fax_received **received_out, DWORD *count_out);

#endif
