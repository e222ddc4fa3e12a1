# SPDX-License-Identifier: MIT
# The peer of the binding's benchmarks, once for each Lua. Included by the
# Makefile.

BENCH_LUA := $(BUILD)/bench/5.4/minimal.so $(BUILD)/bench/5.1/minimal.so

bench: $(BENCH_LUA)

$(BUILD)/bench/5.4/minimal.so: PKG_LUA = lua5.4
$(BUILD)/bench/5.1/minimal.so: PKG_LUA = luajit
$(BENCH_LUA): spec/bench/lua/minimal.c $(LIB) $(BUILD)/libfax.so
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(filter-out -Isrc,$(BASE_CFLAGS)) $(call pkg,--cflags,$(PKG_LUA)) \
	  $(CFLAGS) $(DEPFLAGS) -MF $@.d -shared $(LDFLAGS) \
	  -Wl,-rpath,'$$ORIGIN/../..' -o $@ $< -L$(BUILD) -lfax

# It sees each mutex taken and let go of in libfax.
$(BUILD)/bench/lock: LDFLAGS += -Wl,--wrap=pthread_mutex_lock \
  -Wl,--wrap=pthread_mutex_unlock -Wl,--wrap=pthread_cond_wait \
  -Wl,--wrap=pthread_cond_timedwait
