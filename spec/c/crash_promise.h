/* SPDX-License-Identifier: MIT
   What else is promised to last: settings, registrations, rendered documents,
   routed copies, and the end of what was purged. A call that returned TRUE is a
   promise; one that was cut short may have done it or not. */
#ifndef FAX_SPEC_CRASH_PROMISE_H
#define FAX_SPEC_CRASH_PROMISE_H

#include <fax/fax_archive.h>

#include "base/where.h"
#include "crash_stage.h"
#include "document/document.h"

/* The `job` of a mark; its number only grows. */
enum {
  CRASH_DIRTY_DAYS = 1,
  CRASH_CSID,
  CRASH_REGISTERED,
  CRASH_RENDERED,
  CRASH_ROUTED,
  CRASH_PURGED
};

#define CRASH_FOLDER_METHOD "{92041a90-9af2-11d0-abf7-00c04fd91a4e}"

static inline void crash_promise(unsigned what, unsigned number, BOOL done) {
  if (done)
    crash_mark(CRASH_PROMISED, what, number);
  else
    crash_mark(CRASH_REFUSED, 0, FaxGetLastError());
}

static inline DWORD crash_last(enum crash_kind kind, unsigned what,
                               size_t end) {
  DWORD last = 0;
  for (size_t i = 0; i < end; i++)
    if (crash->ops[i].kind == kind && crash->ops[i].job == what)
      last = crash->ops[i].number;
  return last;
}

static inline void crash_check_value(const char *name, unsigned what,
                                     DWORD value, size_t end) {
  DWORD least = crash_last(CRASH_PROMISED, what, end);
  DWORD most = crash_last(CRASH_TRIED, what, end);
  crash_hold(value >= least && value <= most, "%s: %u, not %u to %u", name,
             value, least, most);
}

/* ---- settings ---- */

static inline BOOL crash_set_days(DWORD days) {
  FAX_CONFIGURATION *c;
  if (!FaxGetConfiguration(crash_stage.server, &c)) return FALSE;
  c->DirtyDays = days;
  BOOL done = FaxSetConfiguration(crash_stage.server, c);
  FaxFreeBuffer(c);
  return done;
}

static inline BOOL crash_port(HANDLE *port_out) {
  return FaxOpenPort(crash_stage.server, FSP_FIRST, PORT_OPEN_MODIFY, port_out);
}

static inline BOOL crash_set_csid(DWORD number) {
  HANDLE port;
  FAX_PORT_INFO *info;
  char csid[16];
  if (!crash_port(&port)) return FALSE;
  BOOL done = FaxGetPort(port, &info);
  if (done) {
    snprintf(csid, sizeof csid, "%u", number);
    info->Csid = csid;
    done = FaxSetPort(port, info);
    FaxFreeBuffer(info);
  }
  DWORD error = FaxGetLastError();
  FaxClose(port);
  if (!done) FaxSetLastError(error);
  return done;
}

/* One that cannot be loaded is registered all the same. */
static inline BOOL crash_register(DWORD number) {
  char name[16], *image;
  snprintf(name, sizeof name, "extra-%u", number);
  DWORD error = where_companion("fsp/no_send.so", &image);
  if (error != ERROR_SUCCESS) {
    FaxSetLastError(error);
    return FALSE;
  }
  BOOL done = FaxRegisterServiceProvider(name, "Extra", image, "");
  mem_free(image);
  return done;
}

static inline void crash_run_settings(void) {
  for (unsigned n = 1; n <= 3; n++) {
    crash_mark(CRASH_TRIED, CRASH_DIRTY_DAYS, n);
    crash_promise(CRASH_DIRTY_DAYS, n, crash_set_days(n));
    crash_mark(CRASH_TRIED, CRASH_CSID, n);
    crash_promise(CRASH_CSID, n, crash_set_csid(n));
  }
  for (unsigned n = 1; n <= 2; n++) {
    crash_mark(CRASH_TRIED, CRASH_REGISTERED, n);
    DWORD before = crash_last(CRASH_PROMISED, CRASH_REGISTERED, crash_now());
    crash_promise(CRASH_REGISTERED, before + 1, crash_register(n));
  }
}

static inline DWORD crash_registered(void) {
  struct fax_provider_info *list;
  DWORD count, found = 0;
  if (!FaxEnumProviders(crash_stage.server, &list, &count)) return FAX_UNKNOWN;
  for (DWORD i = 0; i < count; i++)
    if (list[i].origin == FAX_PROVIDER_REGISTERED) found++;
  FaxFreeBuffer(list);
  return found;
}

static inline void crash_check_settings(size_t end) {
  FAX_CONFIGURATION *c;
  FAX_PORT_INFO *info;
  HANDLE port;
  if (!FaxGetConfiguration(crash_stage.server, &c) || !crash_port(&port) ||
      !FaxGetPort(port, &info))
    crash_fail("settings: %s", FaxGetLastErrorMessage());
  crash_check_value("days", CRASH_DIRTY_DAYS, c->DirtyDays, end);
  crash_check_value("CSID", CRASH_CSID, (DWORD)atoi(info->Csid), end);
  crash_check_value("registered", CRASH_REGISTERED, crash_registered(), end);
  FaxFreeBuffer(c);
  FaxFreeBuffer(info);
  FaxClose(port);
}

/* ---- documents ---- */

static inline void crash_make_folder(const char *name) {
  char path[160];
  crash_below(path, sizeof path, name);
  if (mkdir(path, 0700) != 0) crash_fail("%s cannot be made", path);
}

static inline void crash_prepare_rendering(void) {
  crash_make_folder("rendered");
}

static inline void crash_rendered_name(char *path, size_t size, unsigned n) {
  char name[32];
  snprintf(name, sizeof name, "rendered/%u.tif", n);
  crash_below(path, size, name);
}

static inline void crash_run_rendering(void) {
  for (unsigned n = 1; n <= 2; n++) {
    char path[160];
    const char *file = crash_document;
    struct fax_rendered *rendered;
    crash_rendered_name(path, sizeof path, n);
    struct fax_render ask = {
        .size = sizeof ask, .files = &file, .file_count = 1, .output = path};
    BOOL done = FaxRenderDocument(&ask, &rendered);
    if (done) FaxFreeBuffer(rendered);
    crash_promise(CRASH_RENDERED + 100 * n, n, done);
  }
}

/* Whole, or not there. */
static inline void crash_check_rendering(size_t end) {
  for (unsigned n = 1; n <= 2; n++) {
    char path[160];
    struct document_info info;
    crash_rendered_name(path, sizeof path, n);
    bool promised = crash_last(CRASH_PROMISED, CRASH_RENDERED + 100 * n, end);
    if (!promised && access(path, F_OK) != 0) continue;
    crash_hold(document_inspect(path, &info) == ERROR_SUCCESS &&
                   info.pages == CRASH_PAGES,
               "document %u is not whole", n);
  }
}

/* ---- routing ---- */

static inline void crash_prepare_routing(void) {
  crash_make_folder("routed");
}

/* Of whole copies; another one is none. */
static inline DWORD crash_routed(void) {
  char path[160];
  crash_below(path, sizeof path, "routed");
  DIR *folder = opendir(path);
  DWORD whole = 0;
  for (struct dirent *e; folder != NULL && (e = readdir(folder)) != NULL;) {
    struct document_info info;
    char file[800];
    snprintf(file, sizeof file, "%s/%s", path, e->d_name);
    const char *tail = strrchr(e->d_name, '.');
    if (tail == NULL || strcmp(tail, ".tif") != 0) continue;
    crash_hold(document_inspect(file, &info) == ERROR_SUCCESS,
               "a routed fax cannot be read");
    whole++;
  }
  if (folder != NULL) closedir(folder);
  return whole;
}

/* The first copy is made, and its folder's sync fails: it is tried again. */
static inline void crash_run_routing(void) {
  HANDLE port;
  char path[160];
  crash_below(path, sizeof path, "routed");
  if (!crash_port(&port)) return;
  if (FaxSetRoutingInfo(port, CRASH_FOLDER_METHOD, (const BYTE *)path,
                        (DWORD)strlen(path) + 1) &&
      FaxEnableRoutingMethod(port, CRASH_FOLDER_METHOD, TRUE)) {
    crash_fail_folder("routed");
    crash_stage.reception = FSP_WHOLE;
    fsp_ring(FSP_FIRST, 9);
    crash_wait(3600);
    if (!crash_has_failed() && crash_routed() == 1)
      crash_mark(CRASH_PROMISED, CRASH_ROUTED, 1);
  }
  FaxClose(port);
}

static inline void crash_check_routing(size_t end) {
  crash_hold(crash_routed() >= crash_last(CRASH_PROMISED, CRASH_ROUTED, end),
             "the routed fax is lost");
}

/* ---- the archive's end ---- */

static inline void crash_purge(unsigned sent) {
  struct fax_archive_purge all = {.size = sizeof all,
                                  .folder = FAX_ARCHIVE_SENT};
  DWORD removed = 0;
  crash_mark(CRASH_TRIED, CRASH_PURGED, sent);
  BOOL done = FaxPurgeArchive(crash_stage.server, &all, &removed);
  DWORD before = crash_last(CRASH_PROMISED, CRASH_PURGED, crash_now());
  crash_promise(CRASH_PURGED, before + removed, done);
}

static inline void crash_run_purge(void) {
  crash_submit(CRASH_PLAIN, NULL);
  crash_wait(60);
  crash_purge(1);
  crash_submit(CRASH_PLAIN, NULL);
  crash_wait(60);
  crash_purge(2);
}

#endif
