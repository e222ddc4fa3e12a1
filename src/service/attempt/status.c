/* SPDX-License-Identifier: MIT
   What a provider's status means to ports, events and retries (PORT-47,
   FSP-45..48). */
#include <fax/faxdev.h>

#include "service/state.h"

static const struct {
  DWORD fs, fps, fei;
  bool retry;
} statuses[] = {
    {FS_INITIALIZING, FPS_INITIALIZING, FEI_INITIALIZING, false},
    {FS_DIALING, FPS_DIALING, FEI_DIALING, false},
    {FS_TRANSMITTING, FPS_SENDING, FEI_SENDING, false},
    {FS_RECEIVING, FPS_RECEIVING, FEI_RECEIVING, false},
    {FS_COMPLETED, FPS_COMPLETED, FEI_COMPLETED, false},
    {FS_HANDLED, FPS_HANDLED, FEI_HANDLED, false},
    {FS_LINE_UNAVAILABLE, FPS_UNAVAILABLE, FEI_LINE_UNAVAILABLE, true},
    {FS_BUSY, FPS_BUSY, FEI_BUSY, true},
    {FS_NO_ANSWER, FPS_NO_ANSWER, FEI_NO_ANSWER, true},
    {FS_BAD_ADDRESS, FPS_BAD_ADDRESS, FEI_BAD_ADDRESS, false},
    {FS_NO_DIAL_TONE, FPS_NO_DIAL_TONE, FEI_NO_DIAL_TONE, true},
    {FS_DISCONNECTED, FPS_DISCONNECTED, FEI_DISCONNECTED, true},
    {FS_FATAL_ERROR, FPS_FATAL_ERROR, FEI_FATAL_ERROR, true},
    {FS_NOT_FAX_CALL, FPS_NOT_FAX_CALL, FEI_NOT_FAX_CALL, true},
    {FS_CALL_DELAYED, FPS_CALL_DELAYED, FEI_CALL_DELAYED, false},
    {FS_CALL_BLACKLISTED, FPS_CALL_BLACKLISTED, FEI_CALL_BLACKLISTED, false},
    {FS_USER_ABORT, FPS_ABORTING, FEI_ABORTING, false},
    {FS_ANSWERED, FPS_ANSWERED, FEI_ANSWERED, false},
};

#define COUNT (sizeof statuses / sizeof *statuses)

/* A provider's own code is a failure that says no more (FSP-54). */
DWORD attempt_port_status(DWORD fs) {
  for (size_t i = 0; i < COUNT; i++)
    if (statuses[i].fs == fs) return statuses[i].fps;
  return FPS_FATAL_ERROR;
}

DWORD attempt_event_id(DWORD fs) {
  for (size_t i = 0; i < COUNT; i++)
    if (statuses[i].fs == fs) return statuses[i].fei;
  return FEI_FATAL_ERROR;
}

bool attempt_may_retry(DWORD fs) {
  for (size_t i = 0; i < COUNT; i++)
    if (statuses[i].fs == fs) return statuses[i].retry;
  return false;
}
