/* SPDX-License-Identifier: MIT
   Asking the service behind a handle, in this process or in another. */
#ifndef FAX_API_ASK_H
#define FAX_API_ASK_H

#include "method/method.h"

/* As method_serve. Also RPC_S_SERVER_UNAVAILABLE: the server in the other
   process cannot be reached; RPC_S_CALL_FAILED: it went away during the call,
   which may have been served. */
DWORD ask(HANDLE handle, const struct method *m, const void *in, void *out);

/* The same of a method to which no patience is told; this one is the caller's
   towards a server in another process. */
struct fax_patience;
DWORD ask_patient(HANDLE handle, const struct method *m, const void *in,
                  void *out, const struct fax_patience *patience);

/* It stands for something in another process. */
bool ask_is_remote(HANDLE handle);

/* FaxClose, of whatever is there or here. */
DWORD ask_close(HANDLE handle);
/* The same for what a call opened for itself: the thread's sentence stays. */
void ask_drop(HANDLE handle);

#endif
