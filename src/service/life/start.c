/* SPDX-License-Identifier: MIT
   Starting a service: its directory, log, providers and threads. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/thread.h"
#include "service/archive/archive.h"
#include "service/dialling/dialling.h"
#include "service/durable/durable.h"
#include "service/durable/settings.h"
#include "service/key/key.h"
#include "service/life/life.h"
#include "service/policy/memory.h"
#include "service/provider/configured.h"
#include "service/registration/registration.h"
#include "service/routing/method.h"
#include "service/job/owner.h"
#include "service/schedule/number.h"

static void free_ports(struct service *s) {
  while (!list_empty(&s->ports)) {
    struct port *p = list_entry(s->ports.next, struct port, link);
    list_remove(&p->link);
    mem_unref(p);
  }
}

static void free_failed(struct service *s) {
  while (!list_empty(&s->failed)) {
    struct hosted *h = list_entry(s->failed.next, struct hosted, link);
    list_remove(&h->link);
    mem_unref(h);
  }
}

static void free_jobs(struct service *s, struct job_ids *jobs) {
  struct job *j;
  while ((j = RB_MIN(job_ids, jobs)) != NULL) {
    RB_REMOVE(job_ids, jobs, j);
    number_leave(s, j);
    owner_leave(s, j);
    mem_unref(j);
  }
}

static void service_destroy(void *object) {
  struct service *s = object;
  while (!list_empty(&s->unsaved)) {
    struct job *j = list_entry(s->unsaved.next, struct job, unsaved);
    list_remove(&j->unsaved);
    mem_unref(j);
  }
  free_jobs(s, &s->jobs);
  free_jobs(s, &s->results);
  key_free_all(s);
  memory_free(s);
  mem_unref(s->asker);
  mem_unref(s->store);
  mem_unref(s->documents);
  free_ports(s);
  mem_free(s->ranking);
  devices_free(s);
  free_failed(s);
  routing_methods_free(s);
  mem_unref(s->configuration);
  mem_unref(s->dialling);
  mem_free(s->groups);
  mem_free(s->directory);
  mem_free(s->spool);
  mem_free(s->incoming);
  mem_free(s->inbox);
  mem_free(s->user);
  mem_free(s->left_behind);
  mem_free(s->given_directory);
  mem_free(s->given_inbox);
  mem_free(s->given_log);
  mem_free(s->given_socket);
  directory_close(s);
  clock_cond_destroy(&s->changed);
  clock_cond_destroy(&s->arrived);
  pthread_mutex_destroy(&s->lock);
}

static char *account(void) {
  struct passwd entry, *found = NULL;
  char text[4096];
  if (getpwuid_r(getuid(), &entry, text, sizeof text, &found) == 0 &&
      found != NULL)
    return mem_text(found->pw_name);
  return mem_format("%lu", (unsigned long)getuid());
}

static DWORD start_dialling(struct service *s,
                            const struct fax_service_config *c) {
  struct dialling *d;
  DWORD error = dialling_new(c->dialling, &d);
  if (error != ERROR_SUCCESS) return error;
  s->dialling = d;
  DWORD count = dialling_group_count(d);
  s->groups = mem_alloc((count + 1) * sizeof *s->groups);
  return s->groups != NULL ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD keep_texts(struct service *s, const struct fax_service_config *c) {
  s->given_directory = mem_text(c->directory);
  s->given_inbox = mem_text(c->inbox);
  s->given_log = mem_text(c->log_file);
  s->given_socket = mem_text(c->socket);
  bool whole = (s->given_directory != NULL || c->directory == NULL) &&
               (s->given_inbox != NULL || c->inbox == NULL) &&
               (s->given_log != NULL || c->log_file == NULL) &&
               (s->given_socket != NULL || c->socket == NULL);
  return whole ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD service_new(const struct fax_service_config *c,
                         struct service **service_out) {
  struct service *s = mem_new(sizeof *s, service_destroy);
  if (s == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&s->lock, NULL);
  clock_cond_init(&s->changed);
  clock_cond_init(&s->arrived);
  list_init(&s->providers);
  list_init(&s->failed);
  list_init(&s->ports);
  list_init(&s->asked);
  list_init(&s->unsaved);
  list_init(&s->finished);
  list_init(&s->keys_ended);
  list_init(&s->decided);
  list_init(&s->archiving);
  list_init(&s->unarchived);
  list_init(&s->methods);
  list_init(&s->routing);
  list_init(&s->delivering);
  list_init(&s->subscriptions);
  s->directory_lock = -1;
  s->next_job = 1;
  s->next_sequence = 1;
  s->boot = (DWORDLONG)FaxClockWall();
  s->begun = FaxClockNow();
  s->config = *c;
  s->config.directory = s->config.inbox = s->config.log_file = NULL;
  s->config.providers = NULL;
  s->config.dialling = NULL;
  s->config.policy = NULL;
  s->config.socket = NULL;
  s->config.access = NULL;
  policy_defaults(&s->policy);
  if (c->policy != NULL) s->policy = *c->policy;
  DWORD error = config_start(s, c, NULL, 0);
  if (error == ERROR_SUCCESS) error = start_dialling(s, c);
  if (error == ERROR_SUCCESS) error = keep_texts(s, c);
  if ((s->user = account()) == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  if (error != ERROR_SUCCESS) {
    mem_unref(s);
    return error;
  }
  *service_out = s;
  return ERROR_SUCCESS;
}

static DWORD load_providers(struct service *s,
                            const struct fax_service_config *c) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < c->provider_count; i++)
    error = configured_load(s, &c->providers[i]);
  return error;
}

static DWORD start_threads(struct service *s) {
  DWORD error = thread_start(&s->router, "fax-router", routing_run, s);
  if (error != ERROR_SUCCESS) return error;
  s->router_started = true;
  s->deliverer_lives = true;
  error = thread_start(&s->deliverer, "fax-delivery", delivery_run, mem_ref(s));
  if (error != ERROR_SUCCESS) {
    s->deliverer_lives = false;
    mem_unref(s);
    return error;
  }
  error = thread_start(&s->scheduler, "fax-scheduler", service_run, s);
  s->scheduler_started = error == ERROR_SUCCESS;
  return error;
}

/* Neither has anything to do yet. */
static void stop_threads(struct service *s) {
  if (!s->router_started) return;
  pthread_mutex_lock(&s->lock);
  s->router_stop = true;
  bool delivers = s->deliverer_lives;
  if (delivers) delivery_stop(s, FAX_FOREVER);
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
  thread_join(s->router);
}

static void left_behind(struct service *s, const char *name) {
  (void)s;
  log_line(LOG_INIT, FAX_LOG_ERROR, "service",
           "provider %s did not end; its threads are left behind", name);
}

/* Undoes a start that failed half-way. */
static void abandon(struct service *s) {
  fax_deadline until = clock_after(FaxClockNow(), 10);
  stop_threads(s);
  hosted_end_all(s, until, left_behind);
  durable_close(s, until);
  pthread_mutex_lock(&s->lock);
  archive_close(s);
  pthread_mutex_unlock(&s->lock);
  spool_close(s->documents);
  log_end();
  clock_release();
  mem_unref(s);
}

static DWORD take_up(struct service *s) {
  pthread_mutex_lock(&s->lock);
  DWORD error = durable_begin(s);
  pthread_mutex_unlock(&s->lock);
  return error;
}

static DWORD start(const struct fax_service_config *c,
                   struct service **service_out) {
  struct service *s;
  DWORD error = service_new(c, &s);
  if (error != ERROR_SUCCESS) return error;
  clock_hold();
  error = directory_open(s, c);
  if (error == ERROR_SUCCESS) error = log_begin(s, c);
  if (error == ERROR_SUCCESS) error = routing_method_add(s, &routing_folder);
  if (error == ERROR_SUCCESS) error = durable_open(s);
  if (error == ERROR_SUCCESS) error = settings_load(s, c);
  if (error == ERROR_SUCCESS) error = load_providers(s, c);
  if (error == ERROR_SUCCESS && !c->offline) error = registration_load(s);
  if (error == ERROR_SUCCESS) error = take_up(s);
  if (error == ERROR_SUCCESS) routing_recover(s);
  if (error == ERROR_SUCCESS) error = start_threads(s);
  if (error != ERROR_SUCCESS) {
    abandon(s);
    return error;
  }
  *service_out = s;
  return ERROR_SUCCESS;
}

/* Unless it was stopped already. */
static void keep_door(struct service *s, const struct service_door *door,
                      void *open) {
  pthread_mutex_lock(&s->lock);
  bool runs = s->state == SERVICE_RUNNING;
  if (runs) {
    s->door = *door;
    s->door_open = open;
  }
  pthread_mutex_unlock(&s->lock);
  if (!runs && open != NULL) door->close(open);
}

/* The service is the current one: whoever is let in finds it. */
static DWORD open_door(struct service *s, const struct fax_service_config *c,
                       const struct service_door *door) {
  void *open = NULL;
  DWORD error = ERROR_SUCCESS;
  if (door != NULL) error = door->open(c, s->directory, s->boot, &open);
  if (error == ERROR_SUCCESS) {
    log_line(LOG_INIT, FAX_LOG_INFO, "service", "started directory=%s ports=%u",
             s->directory, s->port_count);
    if (door != NULL) keep_door(s, door, open);
    return ERROR_SUCCESS;
  }
  char *why = mem_text(error_message());
  service_stop(FaxClockNow(), FaxClockNow());
  error_note("%s", why != NULL ? why : "");
  mem_free(why);
  return error;
}

static void refuse_listener(const struct fax_service_config *c) {
  if (c != NULL && c->size == sizeof *c && c->listen_fd >= 0)
    close(c->listen_fd);
}

DWORD service_start(const struct fax_service_config *c,
                    const struct service_door *door) {
  DWORD error = config_check(c);
  if (error == ERROR_SUCCESS) error = current_claim();
  if (error != ERROR_SUCCESS) {
    refuse_listener(c);
    return error;
  }
  struct service *s = NULL;
  error = start(c, &s);
  current_set(mem_ref(s));
  if (error == ERROR_SUCCESS)
    error = open_door(s, c, door);
  else
    refuse_listener(c);
  mem_unref(s);
  return error;
}
