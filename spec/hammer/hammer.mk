# SPDX-License-Identifier: MIT
# Eight C threads and four Lua states on one service: make hammer HAMMER=60.

HAMMER ?= 60
HAMMER_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard spec/hammer/*.c))

$(BUILD)/spec/hammer/%.o: spec/hammer/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -pthread $(WARN) $(SANITIZE) -Isrc \
	  -Isrc/include -Ispec/c $(call pkg,--cflags,lua5.4 libtiff-4) $(CFLAGS) \
	  $(DEPFLAGS) -c -o $@ $<

$(BUILD)/spec/hammer/hammer: $(HAMMER_OBJ) $(LIB) $(BUILD)/libfax.so
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -pthread -rdynamic -o $@ $(HAMMER_OBJ) -L$(BUILD) -lfax \
	  -Wl,-rpath,'$$ORIGIN/../..' $(call pkg,--libs,lua5.4 libtiff-4) $(LDFLAGS)

.PHONY: hammer
hammer: all $(BUILD)/spec/hammer/hammer $(BUILD)/spec/fsp/forward.so
	TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1:suppressions=spec/tsan.supp" \
	  FAX_BUILD=$(BUILD) FAX_FORWARD=$(BUILD)/spec/fsp/forward.so \
	  LUA_PATH='lua/?.lua;lua/?/init.lua;;' LUA_CPATH='$(BUILD)/lua/5.4/?.so;;' \
	  $(BUILD)/spec/hammer/hammer $(HAMMER)
