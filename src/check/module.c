/* SPDX-License-Identifier: MIT
   The FSP as the service has it: loaded, begun and ended. What breaks a rule
   here fails the case. */
#include <dirent.h>
#include <dlfcn.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/check.h"

struct module module;

enum { MOST_DEVICES = 10000 };

struct export_name {
  const char *name;
  size_t offset;
  bool required;
};

static const struct export_name names[] = {
    {"fax_provider_options", offsetof(struct module, options), false},
    {"fax_provider_string", offsetof(struct module, string), false},
    {"FaxDevVirtualDeviceCreation", offsetof(struct module, create), true},
    {"FaxDevInitialize", offsetof(struct module, initialize), true},
    {"FaxDevStartJob", offsetof(struct module, start_job), true},
    {"FaxDevEndJob", offsetof(struct module, end_job), true},
    {"FaxDevSend", offsetof(struct module, send), true},
    {"FaxDevReceive", offsetof(struct module, receive), true},
    {"FaxDevReportStatus", offsetof(struct module, report_status), true},
    {"FaxDevAbortOperation", offsetof(struct module, abort_operation), true},
    {"FaxDevShutdown", offsetof(struct module, shutdown), false},
};

void module_open(void) {
  char path[4096];

  snprintf(path, sizeof path, "%s%s",
           strchr(settings.path, '/') != NULL ? "" : "./", settings.path);
  module.loaded = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (module.loaded == NULL) fail("%s", dlerror());
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    void *found = dlsym(module.loaded, names[i].name);
    if (found == NULL && names[i].required)
      fail("%s is not exported", names[i].name);
    memcpy((char *)&module + names[i].offset, &found, sizeof found);
  }
}

void module_options(void) {
  char message[256] = "";
  BOOL taken = FALSE;

  if (module.options == NULL) {
    if (settings.options[0] == NULL) return;
    fail("it does not export fax_provider_options, and was given \"%s\"",
         settings.options[0]);
  }
  WATCHED("fax_provider_options", settings.limit,
          taken = module.options(settings.options, message, sizeof message));
  if (!taken)
    fail("fax_provider_options refused the options: %.*s",
         (int)sizeof message - 1, message);
}

static void check_announced(DWORD count, const char *name, DWORD first) {
  if (count == 0 || count > MOST_DEVICES)
    fail("it announces %u devices; 1 to %d make sense (FSP-6)", (unsigned)count,
         MOST_DEVICES);
  if (first == 0) fail("its device ids begin with 0 (FSP-7)");
  if (first > UINT32_MAX - count)
    fail("%u devices from id %u on are more than there are ids (FSP-7)",
         (unsigned)count, (unsigned)first);
  if (memchr(name, '\0', FAXDEV_NAME_PREFIX_SIZE) == NULL)
    fail("the name of its devices has no end within %d bytes (FSP-7)",
         FAXDEV_NAME_PREFIX_SIZE);
  if (!utf8(name)) fail("the name of its devices is not UTF-8 (FSP-13)");
}

void module_create(void) {
  char name[FAXDEV_NAME_PREFIX_SIZE + 64];
  BOOL made = FALSE;

  memset(name, 0, sizeof name);
  memset(name + FAXDEV_NAME_PREFIX_SIZE, 0x5a, 64);
  module.port = FaxCreateCompletionPort();
  module.ring_key = (ULONG_PTR)&module ^ (ULONG_PTR)0x5a5a0000u;
  if (module.port == NULL) fail("the check itself has no completion port");
  WATCHED("FaxDevVirtualDeviceCreation", settings.limit,
          made = module.create(&module.device_count, name, &module.first_device,
                               module.port, module.ring_key));
  if (!made)
    fail("FaxDevVirtualDeviceCreation failed: %s",
         FaxErrorText(FaxGetLastError()));
  for (size_t i = FAXDEV_NAME_PREFIX_SIZE; i < sizeof name; i++)
    if (name[i] != 0x5a)
      fail("it wrote more than %d bytes of name (FSP-7)",
           FAXDEV_NAME_PREFIX_SIZE);
  check_announced(module.device_count, name, module.first_device);
}

static void enable_all(void) {
  for (DWORD i = 0; i < module.device_count; i++)
    WATCHED("its line callback", settings.limit,
            module.line(NULL, module.first_device + i, LINE_DEVSPECIFIC, 0, 1,
                        1, 0));
}

size_t count_folder(const char *path) {
  DIR *folder = opendir(path);
  size_t count = 0;

  if (folder == NULL) return 0;
  while (readdir(folder) != NULL) count++;
  closedir(folder);
  return count;
}

void module_initialize(void) {
  BOOL done = FALSE;

  module.threads = count_folder("/proc/self/task");
  module.heap = FaxHeapCreate();
  module.line = NULL;
  if (module.heap == NULL) fail("the check itself has no heap");
  WATCHED("FaxDevInitialize", settings.limit,
          done = module.initialize(0, module.heap, &module.line, NULL));
  if (!done)
    fail("FaxDevInitialize failed: %s", FaxErrorText(FaxGetLastError()));
  if (module.line != NULL) enable_all();
}

void module_begin(void) {
  module_open();
  module_options();
  module_create();
  module_initialize();
}

/* A thread that was joined may still be listed for a moment. */
static bool threads_are_gone(void) {
  int64_t until = watch_now() + settings.limit * (int64_t)FAX_SECOND;

  held(RULE_THREADS);
  while (count_folder("/proc/self/task") > module.threads)
    if (watch_now() >= until)
      return false;
    else
      poll(NULL, 0, 1);
  return true;
}

void module_end(void) {
  if (module.shutdown != NULL)
    WATCHED("FaxDevShutdown", settings.limit, module.shutdown());
  held(RULE_LEFT);
  if (blocks_alive(BLOCK_HEAP) > 0 || blocks_alive(BLOCK_LOCAL) > 0)
    breach(RULE_LEFT, "%zu blocks of its heap and %zu of FaxLocalAlloc",
           blocks_alive(BLOCK_HEAP), blocks_alive(BLOCK_LOCAL));
  if (!threads_are_gone())
    breach(RULE_THREADS, "%zu more than before FaxDevInitialize",
           count_folder("/proc/self/task") - module.threads);
  FaxCloseCompletionPort(module.port);
  FaxHeapDestroy(module.heap);
  module.port = module.heap = NULL;
}
