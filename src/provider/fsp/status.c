/* SPDX-License-Identifier: MIT
   The status thread of an FSP: takes the packets of its port, trusts nothing in
   them, frees their blocks as documented (FSP-51, FSP-61). */
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "provider/fsp/fsp.h"

enum { BATCH = 32 };

static void complain(const struct fsp *fsp, const char *what) {
  log_line(LOG_OTHER, FAX_LOG_WARN, "provider", "%s provider=%s", what,
           fsp->name);
}

/* Whatever the block is: only one that is alive and of one of the two kinds is
   freed. */
static void free_block(struct fsp *fsp, void *block) {
  if (block == NULL || heap_free(fsp->heap, block)) return;
  if (!mem_free_tagged(block, MEM_LOCAL))
    complain(fsp, "packet with a foreign pointer ignored");
}

/* ---- notes to itself ---- */

DWORD status_note(struct fsp *fsp, struct fsp_note *note) {
  struct fax_packet packet = {0, fsp->own_key, note};
  DWORD code;

  pthread_mutex_lock(&fsp->lock);
  list_append(&fsp->notes, &note->link);
  pthread_mutex_unlock(&fsp->lock);
  code = completion_post(fsp->port, packet, NULL);
  if (code == ERROR_SUCCESS) return code;
  pthread_mutex_lock(&fsp->lock);
  list_remove(&note->link);
  pthread_mutex_unlock(&fsp->lock);
  return code;
}

static bool take_note(struct fsp *fsp, const void *packet) {
  bool found = false;

  pthread_mutex_lock(&fsp->lock);
  list_each_safe(link, &fsp->notes) {
    if (list_entry(link, struct fsp_note, link) != packet) continue;
    list_remove(link);
    found = true;
    break;
  }
  pthread_mutex_unlock(&fsp->lock);
  return found;
}

static void note_progress(struct fsp_job *job, struct fax_progress *progress) {
  pthread_mutex_lock(&job->fsp->lock);
  if (progress->page != FAX_UNKNOWN) job->page_said = true;
  if (progress->remote_id != NULL) job->id_said = true;
  if (progress->evidence != NULL) job->why_said = true;
  pthread_mutex_unlock(&job->fsp->lock);
  op_progress(job->op, progress);
}

static void note_commit(struct fsp_job *job, DWORD page) {
  DWORD error = op_commit(job->op, page);
  if (error != ERROR_SUCCESS) op_committed(job->op, page, error);
}

static void on_note(struct fsp *fsp, struct fax_packet packet) {
  struct fsp_note *note = packet.packet;
  struct fsp_job *job;

  if (!take_note(fsp, note)) {
    free_block(fsp, packet.packet);
    return;
  }
  job = note->job;
  if (note->of_end) {
    fsp_job_end(job); /* the note is part of the job */
  } else {
    if (note->of_commit)
      note_commit(job, note->page);
    else
      note_progress(job, &note->progress);
    progress_clear(&note->progress);
    mem_free(note);
  }
  mem_unref(job);
}

/* ---- packets of the FSP ---- */

static void on_ring(struct fsp *fsp, struct fax_packet packet) {
  const LINEMESSAGE *message = packet.packet;

  if (packet.bytes != sizeof *message ||
      mem_tagged_size(message, MEM_LOCAL) < sizeof *message)
    complain(fsp, "line message of a wrong kind or size ignored");
  else if (message->dwMessageID != 0 ||
           message->dwParam1 != LINEDEVSTATE_RINGING)
    complain(fsp, "line message that is no ring ignored");
  else if (message->hDevice - fsp->first_device >= fsp->device_count)
    complain(fsp, "ring of an unknown device ignored");
  else if (!fsp_job_keep_ring(fsp, message->hDevice, (DWORD)message->dwParam3))
    fax_provider_ring(fsp->provider, message->hDevice, (DWORD)message->dwParam3,
                      NULL);
  free_block(fsp, packet.packet);
}

/* What the status says and FaxOperationReport does not. */
static void tell_status(struct fsp_job *job, const FAX_DEV_STATUS *status) {
  struct fax_progress progress = FAX_PROGRESS_INIT;

  pthread_mutex_lock(&job->fsp->lock);
  if (!job->page_said && status->PageCount != 0)
    progress.page = status->PageCount;
  if (!job->id_said) progress.remote_id = status->CSI;
  pthread_mutex_unlock(&job->fsp->lock);
  if (status->CallerId != NULL || status->RoutingInfo != NULL)
    fax_op_caller(job->op, status->CallerId, status->RoutingInfo);
  fax_op_status(job->op, status->StatusId, &progress);
}

static void on_status(struct fsp *fsp, struct fax_packet packet) {
  const FAX_DEV_STATUS *status = packet.packet;
  struct fsp_job *job = key_find(packet.key);

  if (job != NULL && job->fsp != fsp) job = mem_unref(job);
  if (status == NULL || packet.bytes < sizeof *status ||
      !heap_owns(fsp->heap, status, packet.bytes))
    complain(fsp, "status packet of a wrong kind or size ignored");
  else if (status->SizeOfStruct != sizeof *status ||
           !blocks_status_sound(status, packet.bytes))
    complain(fsp, "status packet with wrong contents ignored");
  else if (job != NULL)
    tell_status(job, status);
  free_block(fsp, packet.packet);
  mem_unref(job);
}

static void on_packet(struct fsp *fsp, struct fax_packet packet) {
  if (packet.key == fsp->own_key)
    on_note(fsp, packet);
  else if (packet.key == fsp->ring_key)
    on_ring(fsp, packet);
  else
    on_status(fsp, packet);
}

/* Until the port is closed and empty; a signal means nothing here. */
void status_run(void *arg) {
  struct fsp *fsp = arg;
  struct fax_packet packets[BATCH];
  size_t taken;

  while (completion_take(fsp->port, packets, BATCH, FAX_FOREVER, &taken) !=
         ERROR_ABANDONED_WAIT_0)
    for (size_t i = 0; i < taken; i++) on_packet(fsp, packets[i]);
  fsp_thread_ends(fsp);
}
