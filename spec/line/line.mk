# SPDX-License-Identifier: MIT
# The line's long runs: make bench-line. A peer that falls silent at 100 moments
# of each kind of call, between two machines and through the whole service, and
# the loss matrix of T.38. Fails when a cell is bad.

LINE_PROGRAMS := $(patsubst spec/line/%.c,$(BUILD)/line/%,$(wildcard spec/line/*.c))

$(BUILD)/line/%: spec/line/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) -Ispec/c -Ispec/line $(call pkg,--cflags,$(PKGS)) \
	  $(CFLAGS) $(DEPFLAGS) -MF $@.d -o $@ $< -rdynamic $(LDFLAGS) \
	  -Wl,--whole-archive $(ARCHIVE) -Wl,--no-whole-archive $(LIB_LIBS)

.PHONY: bench-line
bench-line: all $(LINE_PROGRAMS)
	$(BUILD)/line/silence
	$(BUILD)/line/service
	$(BUILD)/line/loss
