/* SPDX-License-Identifier: MIT
   What becomes of a number by the rules: FaxGetDialPlan. */
#include "service/job/submit.h"
#include "service/schedule/number.h"

/* Texts are borrowed from the service and from `called`. */
struct plan {
  struct fax_dial_plan record;
  struct fax_dial_port *ports;
  DWORD *ranks;
};

static bool may_call(const struct port *p, DWORD group) {
  return !p->leaving && !p->gone && (p->flags & FPF_SEND) != 0 &&
         port_is_in(p, group);
}

/* Behind those of a better rank. */
static void insert(struct plan *plan, const struct port *p) {
  DWORD at = plan->record.port_count++;
  for (; at > 0 && plan->ranks[at - 1] > p->priority; at--) {
    plan->ranks[at] = plan->ranks[at - 1];
    plan->ports[at] = plan->ports[at - 1];
  }
  plan->ranks[at] = p->priority;
  plan->ports[at] =
      (struct fax_dial_port){p->device_id, p->name, line_may_send(p)};
}

/* With the lock. */
static DWORD take_ports(const struct service *s, DWORD group,
                        struct plan *plan) {
  size_t room = 1;
  list_each(link, &s->ports) room++;
  plan->ports = mem_alloc(room * sizeof *plan->ports);
  plan->ranks = mem_alloc(room * sizeof *plan->ranks);
  if (plan->ports == NULL || plan->ranks == NULL)
    return ERROR_NOT_ENOUGH_MEMORY;
  list_each(link, &s->ports) {
    const struct port *p = list_entry(link, struct port, link);
    if (may_call(p, group)) insert(plan, p);
  }
  plan->record.ports = plan->ports;
  return ERROR_SUCCESS;
}

/* With the lock. */
static DWORD make(struct service *s, const char *number, const char *called,
                  void **block_out) {
  struct plan plan = {.record = {.size = sizeof plan.record,
                                 .number = number,
                                 .normal = called,
                                 .most_calls = s->config.calls_per_number}};
  struct fax_dial_plan *r = &plan.record;
  DWORD group = dialling_route(s->dialling, called, &r->prefix);
  if (group != DIALLING_ANY) r->group = dialling_group_name(s->dialling, group);
  r->blocked_by = dialling_blocked(s->dialling, called);
  r->calls = number_calls(s, called);
  DWORD error = take_ports(s, group, &plan);
  if (error == ERROR_SUCCESS)
    error = record_pack(&record_dial_plan, r, 1, MEM_BUFFER, block_out);
  mem_free(plan.ports);
  mem_free(plan.ranks);
  return error;
}

DWORD dial_plan(struct connection *c, const char *number,
                struct fax_dial_plan **plan_out) {
  struct service *s = c->service;
  void *block = NULL;
  DWORD error = access_check(c, FAX_PORT_QUERY);
  if (error == ERROR_SUCCESS) error = submit_check_number(number);
  if (error != ERROR_SUCCESS) return error;
  char *called = dialling_number(s->dialling, number);
  if (called == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    error = make(s, number, called, &block);
    service_leave(s);
  }
  mem_free(called);
  if (error == ERROR_SUCCESS) *plan_out = block;
  return error;
}
