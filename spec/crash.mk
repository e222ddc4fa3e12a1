# SPDX-License-Identifier: MIT
# The crash harness in full (docs/crash.md): every write point of every scenario,
# or CRASH_POINTS=n of each; CRASH_ONLY=sending for one. `make test` visits a few.

CRASH_PROGRAMS := $(patsubst spec/c/%.c,$(BUILD)/spec/%,$(wildcard spec/c/crash_*_test.c))
CRASH_POINTS   ?= all

.PHONY: crash
crash: all $(CRASH_PROGRAMS) $(BUILD)/spec/fsp/forward.so \
       $(BUILD)/spec/fsp/no_send.so
	@for program in $(CRASH_PROGRAMS); do \
	  CRASH_POINTS=$(CRASH_POINTS) FAX_BUILD=$(BUILD) $$program || exit 1; done
