/* SPDX-License-Identifier: MIT
   What a port is and what it does now, as the records of the API. */
#include "service/state.h"

static FAX_PORT_INFO info_of(const struct port *p) {
  return (FAX_PORT_INFO){.SizeOfStruct = sizeof(FAX_PORT_INFO),
                         .DeviceId = p->device_id,
                         .State = p->state,
                         .Flags = p->flags,
                         .Rings = p->rings,
                         .Priority = p->priority,
                         .DeviceName = p->name,
                         .Tsid = p->settings->tsid,
                         .Csid = p->settings->csid};
}

/* With the lock: copies of all ports, whose texts are borrowed from the
   settings and names that `held` keeps. */
static DWORD snapshot(struct service *s, FAX_PORT_INFO **items_out,
                      void ***held_out) {
  FAX_PORT_INFO *items = mem_alloc((s->port_count + 1) * sizeof *items);
  void **held = mem_alloc((s->port_count + 1) * 2 * sizeof *held);
  if (items == NULL || held == NULL) {
    mem_free(items);
    mem_free(held);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  DWORD n = 0;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->gone) continue;
    held[2 * n] = mem_ref(p);
    held[2 * n + 1] = mem_ref(p->settings);
    items[n++] = info_of(p);
  }
  *items_out = items;
  *held_out = held;
  return ERROR_SUCCESS;
}

DWORD port_list(struct connection *c, FAX_PORT_INFO **ports_out,
                DWORD *count_out) {
  FAX_PORT_INFO *items;
  void **held, *block;
  DWORD error = access_check(c, FAX_PORT_QUERY);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  DWORD n = c->service->port_count;
  error = snapshot(c->service, &items, &held);
  service_leave(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = record_pack(&record_port_info, items, n, MEM_BUFFER, &block);
  for (DWORD i = 0; i < 2 * n; i++) mem_unref(held[i]);
  mem_free(held);
  mem_free(items);
  if (error != ERROR_SUCCESS) return error;
  *ports_out = block;
  *count_out = n;
  return ERROR_SUCCESS;
}

/* PORT-15: any open level allows a query. */
static DWORD enter_query(struct port_handle *h) {
  DWORD error = access_check(h->connection, FAX_PORT_QUERY);
  return error != ERROR_SUCCESS ? error : port_handle_enter(h);
}

DWORD port_read(struct port_handle *h, FAX_PORT_INFO **port_out) {
  DWORD error = enter_query(h);
  if (error != ERROR_SUCCESS) return error;
  FAX_PORT_INFO info = info_of(h->port);
  void *block;
  error = record_pack(&record_port_info, &info, 1, MEM_BUFFER, &block);
  service_leave(h->connection->service);
  if (error == ERROR_SUCCESS) *port_out = block;
  return error;
}

static void fill_sending(FAX_DEVICE_STATUS *d, const struct job *j,
                         const struct port *p) {
  const FAX_JOB_PARAM *params = j->params;
  d->JobType = JT_SEND;
  d->Csid = p->attempt->progress.remote_id;
  d->PhoneNumber = params->RecipientNumber;
  d->SenderName = params->SenderName;
  d->RecipientName = params->RecipientName;
  d->DocumentName = params->DocumentName;
  d->Tsid = params->Tsid;
}

static void fill_receiving(FAX_DEVICE_STATUS *d, const struct port *p) {
  const struct attempt *a = p->attempt;
  d->JobType = JT_RECEIVE;
  d->CallerId = a->caller_id != NULL ? a->caller_id : a->job->caller_id;
  d->RoutingString = a->routing;
  d->Csid = p->settings->csid;
  d->Tsid = a->progress.remote_id;
}

static FAX_DEVICE_STATUS status_of(const struct port *p) {
  FAX_DEVICE_STATUS d = {.SizeOfStruct = sizeof d,
                         .DeviceId = p->device_id,
                         .DeviceName = p->name,
                         .JobType = JT_UNKNOWN,
                         .Status = p->state,
                         .Csid = p->settings->csid,
                         .Tsid = p->settings->tsid};
  const struct attempt *a = p->attempt;
  if (a == NULL || a->ended) return d;
  const struct job *j = a->job;
  if (j->type == JT_SEND)
    fill_sending(&d, j, p);
  else
    fill_receiving(&d, p);
  /* PORT-41: zero when nothing is transmitted */
  if (a->progress.page != FAX_UNKNOWN &&
      (p->state == FPS_SENDING || p->state == FPS_RECEIVING))
    d.CurrentPage = a->progress.page;
  d.TotalPages = j->pages == FAX_UNKNOWN ? 0 : j->pages;
  d.Size = j->bytes > 0xffffffff ? 0xffffffff : (DWORD)j->bytes;
  d.StartTime = time_to_filetime(a->started);
  d.SubmittedTime = time_to_filetime(j->submitted);
  d.UserName = j->user;
  return d;
}

DWORD port_status(struct port_handle *h, FAX_DEVICE_STATUS **status_out) {
  DWORD error = enter_query(h);
  if (error != ERROR_SUCCESS) return error;
  FAX_DEVICE_STATUS status = status_of(h->port);
  void *block;
  error = record_pack(&record_device_status, &status, 1, MEM_BUFFER, &block);
  service_leave(h->connection->service);
  if (error == ERROR_SUCCESS) *status_out = block;
  return error;
}
