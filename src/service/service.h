/* SPDX-License-Identifier: MIT
   The service as the API sees it: one function a call, with the access checks
   in it. Knows no handle table user but its own, no socket, no Lua. Functions
   return ERROR_* codes; results are blocks for FaxFreeBuffer. None may be
   called under a lock; any thread. */
#ifndef FAX_SERVICE_SERVICE_H
#define FAX_SERVICE_SERVICE_H

#include <fax/fax_service.h>

struct connection;  /* behind a server handle; counted (mem_unref) */
struct port_handle; /* behind a port handle; counted */

/* ---- life ---- */
DWORD service_start(const struct fax_service_config *config);
DWORD service_stop(fax_deadline until, fax_deadline drain);
BOOL service_running(void);

/* ---- connections ---- */
DWORD connection_open(const struct fax_connect *connect, HANDLE *handle_out);
/* The handle was taken out of the table: releases what was opened by it. */
void connection_closed(struct connection *c, HANDLE handle);
void port_handle_closed(struct port_handle *h);

/* ---- ports ---- */
DWORD port_list(struct connection *c, FAX_PORT_INFO **ports_out,
                DWORD *count_out);
DWORD port_open(struct connection *c, HANDLE owner, DWORD device_id,
                DWORD flags, HANDLE *handle_out);
DWORD port_read(struct port_handle *h, FAX_PORT_INFO **port_out);
DWORD port_set(struct port_handle *h, const FAX_PORT_INFO *info);
DWORD port_status(struct port_handle *h, FAX_DEVICE_STATUS **status_out);

/* ---- jobs ---- */
DWORD job_submit(struct connection *c, const struct fax_submission *submission,
                 DWORD *id_out);
DWORD job_list(struct connection *c, FAX_JOB_ENTRY **jobs_out,
               DWORD *count_out);
DWORD job_read(struct connection *c, DWORD id, FAX_JOB_ENTRY **job_out);
DWORD job_abort(struct connection *c, DWORD id);
DWORD job_result(struct connection *c, DWORD id,
                 struct fax_job_result **result_out);

/* ---- events ---- */
DWORD event_subscribe(struct connection *c, HANDLE port, ULONG_PTR key,
                      BOOL extended, DWORD *id_out);
void event_unsubscribe(DWORD id);

/* ---- received faxes ---- */
DWORD inbox_list(struct connection *c, FILETIME after,
                 struct fax_received **received_out, DWORD *count_out);

#endif
