/* SPDX-License-Identifier: MIT
   Threads of libfax: all signals blocked, a name, a part in the virtual
   clock. */
#ifndef FAX_BASE_THREAD_H
#define FAX_BASE_THREAD_H

#include <fax/faxerr.h>
#include <pthread.h>

typedef void thread_fn(void *arg);

/* Starts a thread to be joined with thread_join; name up to 15 characters. */
DWORD thread_start(pthread_t *thread_out, const char *name, thread_fn *run,
                   void *arg);

/* Waits for the end of a thread by the clock, so that the virtual clock moves
   while the thread waits for something. The thread has been told to end. */
void thread_join(pthread_t thread);

/* Instead of thread_join, for a thread that has said that it ends: the virtual
   clock does not move meanwhile. */
void thread_join_ended(pthread_t thread);

/* Instead of thread_join: the thread is left behind, and ends unseen. */
void thread_let_go(pthread_t thread);

/* As thread_start, detached: for threads whose end is told by other means. */
DWORD thread_start_detached(const char *name, thread_fn *run, void *arg);

/* The number of threads started here that have not ended, or not been joined
   yet; for the tests. */
size_t thread_live(void);

#endif
