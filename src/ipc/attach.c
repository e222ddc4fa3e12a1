/* SPDX-License-Identifier: MIT
   See attach.h. */
#include "ipc/attach.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "model/table/table.h"

enum { MOST = 1 << 30 };

static const struct fax_name names_call[] = {{"start", FAX_CALL_START},
                                             {"abort", FAX_CALL_ABORT},
                                             {"enable", FAX_CALL_ENABLE},
                                             {"stop", FAX_CALL_STOP},
                                             {"tick", FAX_CALL_TICK},
                                             {"committed", FAX_CALL_COMMITTED},
                                             {NULL, 0}};

#define R struct fax_attach_device
static const struct fax_field device[] = {FIELD(TEXT, name, "name"),
                                          FIELD(DWORD, device_id, "device_id"),
                                          FIELD(TEXT, csid, "csid"), END};
static RECORD(attach_device_record, attach_device, device);
#undef R

#define R struct attach_asked
static const struct fax_field attach[] = {
    FIELD(SIZE, attach.size, "size_of_struct"),
    FIELD(TEXT, attach.name, "name"),
    ARRAY(attach.devices, "devices", attach.device_count, attach_device_record),
    FIELD(DWORD, attach.stall, "stall"),
    FIELD(DWORD, attach.lacks, "lacks"),
    FIELD(DWORD, attach.calls, "calls"),
    FIELD(BOOL, acknowledges, "acknowledges"),
    FIELD(BOOL, answers, "answers"),
    END};
RECORD(attach_record, attach, attach);
#undef R

#define R struct load_asked
static const struct fax_field load[] = {
    FIELD(TEXT, config.name, "name"),
    FIELD(TEXT, config.path, "path"),
    FIELD(TEXT_LIST, config.options, "options"),
    FIELD(DWORD, config.isolate, "isolate"),
    FIELD(DWORD, config.calls, "calls"),
    FIELD(BOOL, acknowledges, "acknowledges"),
    END};
RECORD(load_record, load, load);
#undef R

#define R struct attach_given
static const struct fax_field attach_given[] = {
    FIELD(DWORD, provider, "provider"),
    LISTED(DWORDS, devices, "devices", device_count), END};
RECORD(attach_given_record, attach_given, attach_given);
#undef R

#define R struct call_told
static const struct fax_field call_told[] = {
    FIELD(DWORD, provider, "provider"),
    NAMED(ENUM, kind, "kind", names_call),
    FIELD(DWORD, op, "op"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(BOOL, receive, "receive"),
    FIELD(BOOL, send, "send"),
    FIELD(DWORD, page, "page"),
    FIELD(DWORD, error, "error"),
    ONE(operation, "operation", record_operation),
    FIELD(TEXT, caller_name, "caller_name"),
    FIELD(TEXT, receiver_name, "receiver_name"),
    FIELD(BOOL, acknowledge, "acknowledge"),
    END};
RECORD(call_told_record, call_told, call_told);
#undef R

#define R struct op_said
static const struct fax_field op_said[] = {
    FIELD(DWORD, op, "op"),
    FIELD(DWORD, status, "status"),
    ONE(progress, "progress", record_progress),
    FIELD(TEXT, caller_id, "caller_id"),
    FIELD(TEXT, routing, "routing"),
    FIELD(DWORD, page, "page"),
    END};
RECORD(op_said_record, op_said, op_said);
#undef R

#define R struct ring_said
static const struct fax_field ring_said[] = {
    FIELD(DWORD, provider, "provider"), FIELD(DWORD, device_id, "device_id"),
    FIELD(DWORD, rings, "rings"), FIELD(TEXT, caller_id, "caller_id"), END};
RECORD(ring_said_record, ring_said, ring_said);
#undef R

#define R struct alive_said
static const struct fax_field alive_said[] = {
    FIELD(DWORD, provider, "provider"), END};
RECORD(alive_said_record, alive_said, alive_said);
#undef R

#define R struct detach_said
static const struct fax_field detach_said[] = {
    FIELD(DWORD, provider, "provider"), FIELD(BOOL, lost, "lost"), END};
RECORD(detach_said_record, detach_said, detach_said);
#undef R

static DWORD write_all(int to, const char *bytes, size_t length) {
  while (length != 0) {
    ssize_t n = write(to, bytes, length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(errno, "the document could not be kept");
    bytes += n;
    length -= (size_t)n;
  }
  return ERROR_SUCCESS;
}

DWORD attach_copy(int from, int to) {
  char chunk[65536];
  struct stat st;
  off_t at = 0;
  ssize_t n;
  if (fstat(from, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > MOST)
    return error_say(ERROR_INVALID_DATA,
                     "what came is no file of %d bytes at most", MOST);
  while ((n = pread(from, chunk, sizeof chunk, at)) != 0 && at < MOST) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(errno, "the document cannot be read");
    DWORD error = write_all(to, chunk, (size_t)n);
    if (error != ERROR_SUCCESS) return error;
    at += n;
  }
  return ERROR_SUCCESS;
}
