/* SPDX-License-Identifier: MIT
   Cases: loading, options, devices, initialising, enabling, shutting down. */
#include <dlfcn.h>
#include <string.h>

#include "check/check.h"

enum { MOST_OPTIONS = 64 };

static void loads(void) {
  module_open();
}

static void takes_options(void) {
  module_open();
  module_options();
  if (module.options == NULL) skip("it has no options");
}

/* Behind those given, which were taken. */
static void refuses_options(void) {
  static const char unknown[] = "no.such.option=1";
  const char *options[MOST_OPTIONS + 2];
  char message[256];
  BOOL taken = TRUE;
  int count = 0;

  module_open();
  if (module.options == NULL) skip("it has no options");
  for (; count < MOST_OPTIONS && settings.options[count] != NULL; count++)
    options[count] = settings.options[count];
  options[count] = unknown;
  options[count + 1] = NULL;
  memset(message, 0, sizeof message);
  WATCHED("fax_provider_options", settings.limit,
          taken = module.options(options, message, sizeof message));
  if (taken) fail("\"%s\" was taken", unknown);
  if (FaxGetLastError() == ERROR_SUCCESS)
    fail("\"%s\" was refused without a last error", unknown);
  if (memchr(message, '\0', sizeof message) == NULL || !utf8(message))
    fail("its message has no end, or is not UTF-8");
}

static void announces(void) {
  module_open();
  module_options();
  module_create();
}

static void begins_and_ends(void) {
  module_begin();
  module_end();
}

/* As when a service is stopped and started again in one process. */
static void begins_again(void) {
  for (int i = 0; i < 3; i++) {
    module_begin();
    module_end();
    dlclose(module.loaded);
    memset(&module, 0, sizeof module);
  }
}

static void takes_enabling(void) {
  module_begin();
  if (module.line == NULL) skip("it gave no line callback (FSP-10)");
  for (DWORD way = 0; way < 8; way++)
    for (DWORD i = 0; i < module.device_count; i++)
      WATCHED("its line callback", settings.limit,
              module.line(NULL, module.first_device + i, LINE_DEVSPECIFIC, 0,
                          way & 1, way >> 1 & 1, 0));
  module_end();
}

const struct check_case load_cases[] = {
    {"FSP-2", "the module loads and exports what is required", loads, true,
     false, false, false},
    {"options", "it takes the options given", takes_options, true, false, false,
     false},
    {"options", "it refuses an option that it does not know", refuses_options,
     false, false, false, false},
    {"FSP-6", "it announces devices with a name and ids", announces, true,
     false, false, false},
    {"FSP-9", "it initialises and shuts down", begins_and_ends, true, false,
     false, false},
    {"FSP-11", "it loads again after it was shut down and unloaded",
     begins_again, false, false, false, false},
    {"FSP-60", "it takes each device being enabled and disabled",
     takes_enabling, false, false, false, false},
    {NULL, NULL, NULL, false, false, false, false}};
