# SPDX-License-Identifier: MIT
# What the rockspec calls. A rock holds everything: libfax beside the binding,
# its companions in folders beside that, so that the tree may lie anywhere.
#   <lib>/fax/core.so  libfax.so.0  fax-render  fax-fsp-check  fax-host  fsp/<name>.so

# 501 or 504: which Lua the headers are of.
ROCK_VERSION = $(shell sed -n 's/^\#define LUA_VERSION_NUM[[:space:]]*//p' \
                 $(LUA_INCDIR)/lua.h 2>/dev/null)
ifeq ($(LUA_INCDIR),)
ROCK_CORE = $(CORE_54)
else
ROCK_CORE = $(if $(filter 501,$(ROCK_VERSION)),$(CORE_JIT),$(CORE_54))
endif
ROCK_MODULES = $(patsubst lua/%,%,$(wildcard lua/fax/*.lua lua/fax/*/*.lua))

rock-build: check-deps
	+$(MAKE) $(LIB) $(BUILD)/libfax.so $(RENDER) $(CHECK) $(HOST) $(FSP_LIBS) \
	  $(ROCK_CORE)

rock-install:
	install -d $(ROCK_LIBDIR)/fax/fsp $(ROCK_BINDIR)
	install -m 755 $(ROCK_CORE) $(ROCK_LIBDIR)/fax/core.so
	install -m 755 $(LIB) $(ROCK_LIBDIR)/fax/
	install -m 755 $(RENDER) $(CHECK) $(HOST) $(ROCK_LIBDIR)/fax/
	install -m 755 $(FSP_LIBS) $(ROCK_LIBDIR)/fax/fsp/
	for f in $(ROCK_MODULES); do \
	  install -D -m 644 lua/$$f $(ROCK_LUADIR)/$$f || exit 1; done
	install -m 755 lua/bin/faxctl $(ROCK_BINDIR)/faxctl
	install -m 755 lua/bin/faxd $(ROCK_BINDIR)/faxd
