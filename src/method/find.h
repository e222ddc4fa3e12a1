/* SPDX-License-Identifier: MIT
   Finding what a handle stands for, with the documented errors: NULL is
   ERROR_INVALID_PARAMETER, anything else that is no such handle is
   ERROR_INVALID_HANDLE. Gives a reference (mem_unref). */
#ifndef FAX_METHOD_FIND_H
#define FAX_METHOD_FIND_H

#include <fax/faxerr.h>

struct connection;
struct port_handle;
struct document;
struct attachment;
struct policy_handle;

/* Of any kind, by the kind that is expected. */
DWORD find_object(HANDLE handle, int kind, void **object_out);
DWORD find_server(HANDLE handle, struct connection **connection_out);
/* ERROR_INVALID_DATA for a live handle of another kind (PORT-30). */
DWORD find_port(HANDLE handle, struct port_handle **port_out);
DWORD find_document(HANDLE handle, struct document **document_out);
DWORD find_provider(HANDLE handle, struct attachment **attachment_out);
DWORD find_policy(HANDLE handle, struct policy_handle **policy_out);

/* ERROR_INVALID_PARAMETER naming the parameter, when the pointer is NULL. */
DWORD find_null(const void *pointer, const char *name);

#endif
