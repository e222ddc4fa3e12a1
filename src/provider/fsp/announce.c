/* SPDX-License-Identifier: MIT
   The virtual devices that an FSP announces, and whether they make sense. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "provider/fsp/fsp.h"

enum { MOST_DEVICES = 10000 };

struct announced {
  DWORD count, prefix;
  char name[FAXDEV_NAME_PREFIX_SIZE];
};

static DWORD check(const struct fsp *fsp, const struct announced *a) {
  if (a->count == 0 || a->count > MOST_DEVICES)
    return error_say(ERROR_INVALID_DATA,
                     "%s: it announces %u devices; 1 to %d make sense",
                     fsp->name, (unsigned)a->count, MOST_DEVICES);
  if (a->prefix == 0)
    return error_say(ERROR_INVALID_DATA,
                     "%s: its device ids begin with 0, which is no device",
                     fsp->name);
  if (a->prefix > UINT32_MAX - a->count)
    return error_say(ERROR_INVALID_DATA,
                     "%s: %u devices from id %u on are more than there are ids",
                     fsp->name, (unsigned)a->count, (unsigned)a->prefix);
  if (memchr(a->name, '\0', sizeof a->name) == NULL)
    return error_say(ERROR_INVALID_DATA,
                     "%s: the name of its devices has no end within %d bytes",
                     fsp->name, FAXDEV_NAME_PREFIX_SIZE);
  if (!text_is_utf8(a->name))
    return error_say(ERROR_INVALID_DATA,
                     "%s: the name of its devices is not UTF-8", fsp->name);
  return ERROR_SUCCESS;
}

void device_list_free(struct provider_device *devices, DWORD count) {
  for (DWORD i = 0; devices != NULL && i < count; i++)
    mem_free((void *)devices[i].name);
  mem_free(devices);
}

static DWORD list_devices(const struct announced *a,
                          struct provider_device **devices_out) {
  struct provider_device *devices = mem_alloc(a->count * sizeof *devices);

  if (devices == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < a->count; i++) {
    devices[i].device_id = a->prefix + i;
    devices[i].name = mem_format("%s%u", a->name, (unsigned)(a->prefix + i));
    if (devices[i].name != NULL) continue;
    device_list_free(devices, a->count);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *devices_out = devices;
  return ERROR_SUCCESS;
}

DWORD announce_devices(struct fsp *fsp, struct provider_device **devices_out) {
  struct announced a;
  DWORD code;

  if (fsp->exports.create == NULL)
    return error_say(ERROR_PROC_NOT_FOUND,
                     "%s: without FaxDevVirtualDeviceCreation it has no "
                     "devices here: there are no telephony devices to take",
                     fsp->name);
  memset(&a, 0, sizeof a);
  FaxSetLastError(ERROR_SUCCESS);
  if (!fsp->exports.create(&a.count, a.name, &a.prefix, fsp->port_handle,
                           fsp->ring_key))
    return fsp_failed(fsp, "FaxDevVirtualDeviceCreation");
  code = check(fsp, &a);
  if (code == ERROR_SUCCESS) code = list_devices(&a, devices_out);
  if (code != ERROR_SUCCESS) return code;
  fsp->first_device = a.prefix;
  fsp->device_count = a.count;
  return ERROR_SUCCESS;
}
