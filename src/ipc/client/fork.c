/* SPDX-License-Identifier: MIT
   Connections and fork: the handles of a child are invalid, and its copies of
   the descriptors are closed, so that the server hears of the parent's end. */
#include <unistd.h>

#include "ipc/client/own.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct list all = {&all, &all};

static void before(void) {
  pthread_mutex_lock(&lock);
}

static void after(void) {
  pthread_mutex_unlock(&lock);
}

/* Nobody uses them here, and nothing of them is freed: another thread of the
   parent may have been within a call. */
static void after_in_child(void) {
  list_each(link, &all) {
    struct remote *r = list_entry(link, struct remote, link);
    int fd = r->wire.fd;
    r->wire.fd = -1;
    if (fd >= 0) close(fd);
  }
  list_init(&all);
  pthread_mutex_unlock(&lock);
}

static void watch(void) {
  pthread_atfork(before, after, after_in_child);
}

void remote_note(struct remote *r) {
  pthread_once(&once, watch);
  pthread_mutex_lock(&lock);
  list_append(&all, &r->link);
  pthread_mutex_unlock(&lock);
}

void remote_forget(struct remote *r) {
  pthread_mutex_lock(&lock);
  list_remove(&r->link);
  pthread_mutex_unlock(&lock);
}
