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

# The binding with the objects of libfax in it, and the service's side of the
# provider seam. Some names are in both, so those of the binding become local.
BENCH_SEAM := $(BUILD)/bench/seam/5.4/fax/core.so $(BUILD)/bench/seam/5.1/fax/core.so

bench: $(BENCH_SEAM)

$(BUILD)/bench/seam/5.4/fax/core.so: PKG_LUA = lua5.4
$(BUILD)/bench/seam/5.1/fax/core.so: PKG_LUA = luajit
$(BUILD)/bench/seam/%/fax/core.so: spec/bench/lua/seam.c $(BUILD)/bench/seam/%.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(call pkg,--cflags,$(PKG_LUA)) $(CFLAGS) \
	  $(DEPFLAGS) -MF $@.d -shared $(LDFLAGS) -o $@ $(filter-out %.a,$^) \
	  -Wl,--whole-archive $(ARCHIVE) -Wl,--no-whole-archive $(LIB_LIBS)

$(BUILD)/bench/seam/5.4.o: $(LUA_SRC:src/lua/%.c=$(BUILD)/obj-5.4/%.o)
$(BUILD)/bench/seam/5.1.o: $(LUA_SRC:src/lua/%.c=$(BUILD)/obj-5.1/%.o)
$(BUILD)/bench/seam/%.o:
	@mkdir -p $(@D)
	$(Q)$(CC) -r -nostdlib -o $@ $^ && objcopy -G luaopen_fax_core $@

# The provider of its calls.
bench: $(BUILD)/spec/fsp/hosted.so
