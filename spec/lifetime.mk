# SPDX-License-Identifier: MIT
# Programs of the Lua specs: a host that embeds Lua, once for each VM, and the
# comparison of two documents. The host links Lua only and gets at the service
# through the module, as any program with scripts in it would.

EMBEDS := $(BUILD)/spec/embed-5.4 $(BUILD)/spec/embed-5.1

$(BUILD)/spec/embed-5.4: PKG_LUA = lua5.4
$(BUILD)/spec/embed-5.1: PKG_LUA = luajit
$(EMBEDS): spec/lifetime/embed.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -pthread $(WARN) $(SANITIZE) \
	  $(call pkg,--cflags,$(PKG_LUA)) $(CFLAGS) $(DEPFLAGS) -MF $@.d -o $@ $< \
	  -rdynamic $(LDFLAGS) $(call pkg,--libs,$(PKG_LUA))

$(BUILD)/spec/compare: spec/c/compare.c spec/c/pages.h
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(SANITIZE) -Ispec/c \
	  $(call pkg,--cflags,libtiff-4) $(CFLAGS) -o $@ $< $(LDFLAGS) \
	  $(call pkg,--libs,libtiff-4)

c-tests: $(EMBEDS) $(BUILD)/spec/compare
