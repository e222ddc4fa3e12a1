/* SPDX-License-Identifier: MIT
   Answers calls that come in on the FSP's own lines (FSP-64), as the service
   does when its ports receive: a thread for each. */
#include <stdio.h>
#include <string.h>

#include "check/check.h"

enum { MOST_ANSWERS = 64 };

static struct answer {
  pthread_t thread;
  DWORD device;
  bool busy, good;
} answers[MOST_ANSWERS];
static size_t count;
static bool open;

static void *answer(void *arg) {
  struct answer *a = arg;
  struct job *j = job_start(a->device - module.first_device);
  DWORD status;
  bool ok;

  job_receive(j);
  status = job_result(j);
  ok = j->ok;
  if (ok && status == FS_COMPLETED && document_pages(j->file) == 0)
    fail("FaxDevReceive completed, and the file has no page (FSP-41)");
  job_end(j);
  pthread_mutex_lock(&world);
  a->good = ok;
  a->busy = false;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&world);
  return NULL;
}

/* A line that rings again while it is being answered says nothing new. */
void answer_ring(DWORD device) {
  struct answer *a;

  pthread_mutex_lock(&world);
  for (size_t i = 0; i < count; i++)
    if (answers[i].busy && answers[i].device == device) goto out;
  if (!open || count == MOST_ANSWERS) goto out;
  a = &answers[count++];
  a->device = device;
  a->busy = true;
  if (pthread_create(&a->thread, NULL, answer, a) != 0)
    fail("the check itself cannot start a thread");
out:
  pthread_mutex_unlock(&world);
}

void answer_open(void) {
  pthread_mutex_lock(&world);
  open = true;
  pthread_mutex_unlock(&world);
}

void answer_settle(void) {
  pthread_mutex_lock(&world);
  for (size_t i = 0; i < count; i++)
    while (answers[i].busy) pthread_cond_wait(&changed, &world);
  pthread_mutex_unlock(&world);
}

unsigned answer_close(void) {
  unsigned good = 0;

  pthread_mutex_lock(&world);
  open = false;
  pthread_mutex_unlock(&world);
  for (size_t i = 0; i < count; i++) {
    pthread_join(answers[i].thread, NULL);
    good += answers[i].good;
  }
  count = 0;
  return good;
}
