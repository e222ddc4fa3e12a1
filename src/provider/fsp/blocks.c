/* SPDX-License-Identifier: MIT
   The blocks of faxdev.h: structures with their texts behind them. Trusts no
   pointer in one that came from an FSP. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "provider/fsp/fsp.h"

static size_t text_size(const char *text) {
  return text == NULL ? 0 : strlen(text) + 1;
}

/* Writes the text at *at and moves on. */
static LPTSTR put(char **at, const char *text) {
  size_t size = text_size(text);
  char *start = *at;

  if (text == NULL) return NULL;
  memcpy(start, text, size);
  *at += size;
  return start;
}

static DWORD make_send(struct fsp_job *job) {
  const struct fax_operation *told = fax_op_told(job->op);
  const char *file = fax_op_file(job->op);
  const char *caller = fax_op_caller_name(job->op);
  const char *receiver = fax_op_receiver_name(job->op);
  const char *number = told->called_number != NULL ? told->called_number : "";
  size_t size = sizeof(FAX_SEND) + text_size(file) + text_size(caller) +
                text_size(told->local_id) + text_size(receiver) +
                text_size(number);
  PFAX_SEND send = mem_alloc(size);
  char *at = (char *)(send + 1);

  if (send == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  send->SizeOfStruct = sizeof *send;
  send->FileName = put(&at, file);
  send->CallerName = put(&at, caller);
  send->CallerNumber = put(&at, told->local_id);
  send->ReceiverName = put(&at, receiver);
  send->ReceiverNumber = put(&at, number);
  send->Branding = told->branding != NULL;
  job->send = send;
  return ERROR_SUCCESS;
}

static DWORD make_receive(struct fsp_job *job) {
  const char *file = fax_op_file(job->op);
  PFAX_RECEIVE receive;
  char *at;

  if (text_size(file) > FAXDEVRECEIVE_SIZE)
    return error_say(ERROR_BUFFER_OVERFLOW,
                     "the name of the file to fill has %zu bytes, more than %d",
                     text_size(file), FAXDEVRECEIVE_SIZE);
  receive = mem_alloc(sizeof *receive + FAXDEVRECEIVE_SIZE);
  if (receive == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  at = (char *)(receive + 1);
  receive->SizeOfStruct = sizeof *receive;
  receive->FileName = put(&at, file);
  job->receive = receive;
  return ERROR_SUCCESS;
}

DWORD blocks_make(struct fsp_job *job) {
  job->report = mem_alloc(sizeof *job->report + FAXDEVREPORTSTATUS_SIZE);
  if (job->report == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  job->report->SizeOfStruct = sizeof *job->report;
  return fax_op_kind(job->op) == FAX_OP_SEND ? make_send(job)
                                             : make_receive(job);
}

/* Compares numbers: pointers into different objects have no order. */
static bool inside(const FAX_DEV_STATUS *status, size_t size,
                   const char *text) {
  uintptr_t start = (uintptr_t)status;
  uintptr_t at = (uintptr_t)text;

  if (text == NULL) return true;
  if (at < start + sizeof *status || at >= start + size) return false;
  return memchr(text, '\0', start + size - at) != NULL;
}

bool blocks_status_sound(const FAX_DEV_STATUS *status, size_t size) {
  return inside(status, size, status->CSI) &&
         inside(status, size, status->CallerId) &&
         inside(status, size, status->RoutingInfo);
}

void blocks_status_trim(FAX_DEV_STATUS *status, size_t size) {
  if (!inside(status, size, status->CSI)) status->CSI = NULL;
  if (!inside(status, size, status->CallerId)) status->CallerId = NULL;
  if (!inside(status, size, status->RoutingInfo)) status->RoutingInfo = NULL;
}
