/* SPDX-License-Identifier: MIT
   A service that is stopped and started again in one directory, on the virtual
   clock, with the scripted FSP: what one run leaves, the next one finds. */
#ifndef FAX_SPEC_SERVICE_RUNS_H
#define FAX_SPEC_SERVICE_RUNS_H

#include <signal.h>
#include <sys/wait.h>

#include "service_config.h"

static struct stage st;
static struct fax_service_config config;
static struct fax_provider_config provider;

/* The beginning of a test's set_up, which then changes `config` as it likes.
   Documents have so many pages, unless document() says otherwise. */
static inline void runs_begin(unsigned pages) {
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(pages);
  stage_count(&st);
  stage_options(&st, &config);
  provider = (struct fax_provider_config){.name = "forward"};
  config.providers = &provider;
  config.provider_count = 1;
}

static inline int tear_down(void **unused) {
  (void)unused;
  stage_clear(&st);
  stage_is_empty(&st);
  assert_true(FaxClockReal());
  return 0;
}

/* No call of an earlier run's job begins before somebody listens. */
static inline void start(void) {
  pthread_mutex_lock(&fsp_lock);
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(&st);
  pthread_mutex_unlock(&fsp_lock);
}

static inline void stop(void) {
  stage_stop_within(20);
  stage_disconnect(&st);
  assert_true(FaxCloseCompletionPort(st.events));
  st.sequence = 0;
}

static inline void restart(void) {
  stop();
  start();
}

/* A run in a process of its own: true there, where the caller goes on until it
   is killed; false here, when it was. */
static inline bool runs_apart(void) {
  int status;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    alarm(60); /* whatever fails here must not go on as the parent */
    FaxClockVirtual(STAGE_NOON);
    return true;
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  return false;
}

static inline void document(unsigned pages) {
  fsp.pages = pages;
  stage_document(&st, pages);
}

/* Paused at once, before a line is looked for. */
static inline DWORD send_paused(const char *number) {
  config_pause(&st, TRUE);
  DWORD job = stage_send(&st, number);
  assert_true(FaxSetJob(st.server, job, JC_PAUSE, NULL));
  config_pause(&st, FALSE);
  return job;
}

static inline void resume(DWORD job) {
  assert_true(FaxSetJob(st.server, job, JC_RESUME, NULL));
}

#endif
