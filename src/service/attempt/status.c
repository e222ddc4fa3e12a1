/* SPDX-License-Identifier: MIT
   What a provider's status means to ports and events (PORT-47). What it means
   to retries is in service/policy. */
#include <fax/faxdev.h>

#include "service/state.h"

static const struct {
  DWORD fs, fps, fei;
} statuses[] = {
    {FS_INITIALIZING, FPS_INITIALIZING, FEI_INITIALIZING},
    {FS_DIALING, FPS_DIALING, FEI_DIALING},
    {FS_TRANSMITTING, FPS_SENDING, FEI_SENDING},
    {FS_RECEIVING, FPS_RECEIVING, FEI_RECEIVING},
    {FS_COMPLETED, FPS_COMPLETED, FEI_COMPLETED},
    {FS_HANDLED, FPS_HANDLED, FEI_HANDLED},
    {FS_LINE_UNAVAILABLE, FPS_UNAVAILABLE, FEI_LINE_UNAVAILABLE},
    {FS_BUSY, FPS_BUSY, FEI_BUSY},
    {FS_NO_ANSWER, FPS_NO_ANSWER, FEI_NO_ANSWER},
    {FS_BAD_ADDRESS, FPS_BAD_ADDRESS, FEI_BAD_ADDRESS},
    {FS_NO_DIAL_TONE, FPS_NO_DIAL_TONE, FEI_NO_DIAL_TONE},
    {FS_DISCONNECTED, FPS_DISCONNECTED, FEI_DISCONNECTED},
    {FS_FATAL_ERROR, FPS_FATAL_ERROR, FEI_FATAL_ERROR},
    {FS_NOT_FAX_CALL, FPS_NOT_FAX_CALL, FEI_NOT_FAX_CALL},
    {FS_CALL_DELAYED, FPS_CALL_DELAYED, FEI_CALL_DELAYED},
    {FS_CALL_BLACKLISTED, FPS_CALL_BLACKLISTED, FEI_CALL_BLACKLISTED},
    {FS_USER_ABORT, FPS_ABORTING, FEI_ABORTING},
    {FS_ANSWERED, FPS_ANSWERED, FEI_ANSWERED},
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
