# SPDX-License-Identifier: MIT
# GNU make. Objects go to build/ (or BUILD=...); `make help` lists the targets.

BUILD     ?= build
PREFIX    ?= /usr/local
LIBDIR    ?= $(PREFIX)/lib
DESTDIR   ?=
CC        ?= gcc
CFLAGS    ?= -O2 -g
LUA       ?= lua5.4
LUAJIT    ?= luajit
VERSION   := 0.1.0
SOVERSION := 0

# What must be installed before anything is built; the targets below that need
# more say so themselves.
PKGS := spandsp libtiff-4 jansson sqlite3 nettle
pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)

WARN  := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes \
         -Wmissing-prototypes -Wswitch-enum -Wpointer-arith
# Sanitizers make gcc see things that are not there.
ifneq ($(CI),)
ifeq ($(SANITIZE),)
WARN  += -Werror
endif
endif
BASE_CFLAGS := -std=c11 -D_GNU_SOURCE -DFAX_VERSION='"$(VERSION)"' -fPIC \
               -fvisibility=hidden -pthread $(WARN) $(SANITIZE) \
               -Isrc -Isrc/include
DEPFLAGS = -MMD -MP

# Short lines unless V=1.
Q   := $(if $(V),,@)
say  = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2:$(BUILD)/%=%))

ROOMS    := base wire model store document service host provider t30 method ipc api
LIB_SRC  := $(foreach r,$(ROOMS),$(wildcard src/$(r)/*.c src/$(r)/*/*.c))
LIB_SRC  := $(filter-out src/host/main.c,$(LIB_SRC))
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/%.o)
RENDER_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/render/*.c))
LUA_SRC  := $(wildcard src/lua/*.c)
FSPS     := $(notdir $(patsubst %/,%,$(dir $(wildcard fsp/*/*.c))))
FSPS     := $(sort $(FSPS))
TESTS    := $(patsubst spec/c/%.c,$(BUILD)/spec/%,$(wildcard spec/c/*_test.c))
TEST_FSPS := $(patsubst spec/c/fsp/%.c,$(BUILD)/spec/fsp/%.so,$(wildcard spec/c/fsp/*.c))
BENCHES  := $(patsubst spec/bench/%.c,$(BUILD)/bench/%,$(wildcard spec/bench/*.c))

LIB      := $(BUILD)/libfax.so.$(SOVERSION)
ARCHIVE  := $(BUILD)/libfax.a
RENDER   := $(BUILD)/fax/fax-render
FSP_LIBS := $(FSPS:%=$(BUILD)/fax/fsp/%.so)
CORE_54  := $(BUILD)/lua/5.4/fax/core.so
CORE_JIT := $(BUILD)/lua/5.1/fax/core.so

.DELETE_ON_ERROR:
.PHONY: all deps check-deps demo demo-web test test-long soak env bench install uninstall \
        asan tsan sanitize lint clean help

all: check-deps $(LIB) $(BUILD)/libfax.so $(RENDER) $(FSP_LIBS) $(CORE_54) \
     $(CORE_JIT)

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)

#: make                 libfax, the bindings for Lua 5.4 and LuaJIT, the FSPs
#: make deps            install the Debian packages that are missing
#: make demo            send a fax from line 1 to line 2 and show it
#: make demo-web        a fax server and a site over it, on this computer
#: make test            everything that CI runs (under 10 minutes)
#: make test-long       all of it at length, all under sanitizers (at most 75 minutes)
#: make test-web        the pages of examples/openresty in Chromium
#: make soak            random faxes, aborts, failures, kills of the server: SOAK=600 seconds
#: make env             what a shell needs to use this tree: eval "$(make -s env)"
#: make bench           the benchmarks; BENCH_ARGS=--json for JSON
#: make asan, make tsan the specs with sanitizers
#: make hammer          8 threads and 4 Lua states on one service, HAMMER=60 seconds
#: make bench-line      silence and loss on the line (some minutes)
#: make crash          a crash at every write point; CRASH_POINTS=n of each scenario
#: make fuzz            each fuzzer for FUZZ_SECONDS=60
#: make lint            clang-format, clang-tidy, luacheck
#: make install         PREFIX=, DESTDIR=, LIBDIR=

# What Debian calls all this. luajit2, not luajit: nginx's Lua module conflicts
# with the latter.
DEPS_BUILD := gcc libc6-dev make pkg-config lua5.4 liblua5.4-dev luajit2 \
              libluajit2-5.1-dev libspandsp-dev libtiff-dev libjansson-dev \
              libleptonica-dev libqpdf-dev libbsd-dev libsqlite3-dev nettle-dev ghostscript
DEPS_TEST  := lua-busted lua-check lua-socket lua-dkjson libcmocka-dev luarocks \
              g++ libpcsclite-dev unixodbc-dev nginx-light libnginx-mod-http-lua \
              lua-cjson python3 openssl
missing = $(shell for p in $(1); do \
  dpkg-query -W -f '$${db:Status-Abbrev}' $$p 2>/dev/null | grep -q '^ii' || \
    echo $$p; done)

deps:
	@missing="$(call missing,$(DEPS_BUILD) $(DEPS_TEST) $(DEPS_MORE))"; \
	[ -z "$$missing" ] || { \
	  echo "missing Debian packages:" $$missing; \
	  if [ "$$(id -u)" = 0 ]; then sudo=; \
	  elif sudo -n true 2>/dev/null; then sudo=sudo; \
	  else echo "not allowed to install them; as root, run:"; \
	    echo "  apt-get install --no-install-recommends" $$missing; exit 1; fi; \
	  $$sudo apt-get update -q && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive spec/support/no-daemon \
	    apt-get install -q -y --no-remove --no-install-recommends $$missing; }

# A plain `make` installs nothing. Elsewhere than on Debian it asks pkg-config.
check-deps:
	@missing="$(if $(shell command -v dpkg-query),$(call missing,$(DEPS_BUILD)),\
	  $(shell for p in $(PKGS) lept libqpdf lua5.4 luajit; do \
	    pkg-config --exists $$p || echo $$p; done))"; \
	[ -z "$$missing" ] || { \
	  echo "missing packages:" $$missing; echo "on Debian, run: make deps"; \
	  exit 1; }

# ---- libfax ----

$(BUILD)/src/render/%.o: PKG_CFLAGS = $(call pkg,--cflags,libtiff-4 lept libqpdf)
$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(call pkg,--cflags,$(PKGS)) $(PKG_CFLAGS) $(CFLAGS) \
	  $(DEPFLAGS) -c -o $@ $<

LIB_LIBS = $(call pkg,--libs,$(PKGS)) -ldl -lm
$(LIB): $(LIB_OBJ) src/libfax.map
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) -shared $(SANITIZE) -pthread -Wl,-soname,libfax.so.$(SOVERSION) \
	  -Wl,-z,nodelete -Wl,-z,defs -Wl,--version-script=src/libfax.map \
	  $(LDFLAGS) -o $@ $(LIB_OBJ) $(LIB_LIBS)

$(BUILD)/libfax.so: $(LIB)
	@ln -sf $(notdir $<) $@

$(ARCHIVE): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $(LIB_OBJ)

$(RENDER): $(RENDER_OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -pthread $(LDFLAGS) -o $@ $(RENDER_OBJ) \
	  $(call pkg,--libs,libtiff-4 lept libqpdf) -lm

# ---- providers: one folder each, public headers only ----

define fsp_rule
$(BUILD)/fax/fsp/$(1).so: $(patsubst %.c,$(BUILD)/%.o,$(wildcard fsp/$(1)/*.c)) $(LIB) $(BUILD)/libfax.so
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$(CC) -shared $(SANITIZE) -pthread -Wl,-z,defs $(LDFLAGS) \
	  -Wl,-rpath,'$$$$ORIGIN/../..:$$$$ORIGIN/..' -o $$@ $$(filter %.o,$$^) \
	  -L$(BUILD) -lfax -lm
endef
$(foreach f,$(FSPS),$(eval $(call fsp_rule,$(f))))

$(BUILD)/fsp/%.o: fsp/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(filter-out -Isrc,$(BASE_CFLAGS)) $(call pkg,--cflags,spandsp) \
	  $(CFLAGS) $(DEPFLAGS) -c -o $@ $<

# ---- the binding, once for each Lua ----

$(BUILD)/obj-5.4/%.o: src/lua/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(call pkg,--cflags,lua5.4 jansson) $(LUA_CFLAGS) \
	  $(CFLAGS) $(DEPFLAGS) -c -o $@ $<
$(BUILD)/obj-5.1/%.o: src/lua/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(call pkg,--cflags,luajit jansson) $(LUA_CFLAGS) \
	  $(CFLAGS) $(DEPFLAGS) -c -o $@ $<

define core_rule
$(BUILD)/lua/$(1)/fax/core.so: $(LUA_SRC:src/lua/%.c=$(BUILD)/obj-$(1)/%.o) $(LIB) $(BUILD)/libfax.so
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$(CC) -shared $(SANITIZE) -pthread -Wl,-z,nodelete $(LDFLAGS) \
	  -Wl,-rpath,'$$$$ORIGIN:$$$$ORIGIN/../../..:$$$$ORIGIN/../../../..' -o $$@ \
	  $$(filter %.o,$$^) -L$(BUILD) -lfax $(call pkg,--libs,jansson)
endef
$(eval $(call core_rule,5.4))
$(eval $(call core_rule,5.1))

# ---- C tests and benchmarks: linked with the objects, hidden names and all ----

# What tests do themselves is little, and there are many to compile.
TEST_CFLAGS ?= -O0

$(BUILD)/spec/%: spec/c/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) -Ispec/c $(call pkg,--cflags,$(PKGS)) $(CFLAGS) \
	  $(TEST_CFLAGS) $(DEPFLAGS) \
	  -MF $@.d -o $@ $< -rdynamic $(LDFLAGS) -Wl,--whole-archive $(ARCHIVE) \
	  -Wl,--no-whole-archive -lcmocka $(LIB_LIBS)

# Providers that specs load, most of them broken on purpose.
$(BUILD)/spec/fsp/%.so: spec/c/fsp/%.c $(LIB) $(BUILD)/libfax.so
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(filter-out -Isrc,$(BASE_CFLAGS)) -shared $(CFLAGS) $(DEPFLAGS) \
	  -MF $@.d -o $@ $< $(LDFLAGS)

$(BUILD)/bench/%: spec/bench/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) -Ispec/bench $(call pkg,--cflags,$(PKGS)) $(CFLAGS) $(DEPFLAGS) \
	  -MF $@.d -o $@ $< -rdynamic $(LDFLAGS) -Wl,--whole-archive $(ARCHIVE) \
	  -Wl,--no-whole-archive $(LIB_LIBS)

# All that `spec/run c` needs; FAX_SKIP as there.
WANTED_TESTS = $(if $(FAX_SKIP),$(shell ls $(TESTS:$(BUILD)/spec/%=spec/c/%.c) | \
  sed -n '/\/$(FAX_SKIP)/!s|spec/c/\(.*\)\.c|$(BUILD)/spec/\1|p'),$(TESTS))
c-programs: $(WANTED_TESTS) $(TEST_FSPS) $(RENDER) $(LIB) $(BUILD)/libfax.so \
            $(FSP_LIBS) $(BUILD)/spec/documents $(BUILD)/spec/methods
c-tests: c-programs $(TESTS)
.PHONY: c-tests c-programs

# ---- what users and CI run ----

# One command from a bare machine: packages, build, specs on both Lua VMs, and
# the C tests once more under each sanitizer.
# `make test-long` runs what this leaves out: specs on the other Lua, the disk.
test:
	$(MAKE) deps
	$(MAKE) -j$(JOBS) all c-tests
	FAX_SHORT=1 spec/run
	FAX_SHORT=1 WALK_STEPS=2000 FAX_SKIP=crash_ $(MAKE) asan STEPS=c
	FAX_SHORT=1 WALK_STEPS=2000 FAX_SKIP='$(NO_THREADS)' $(MAKE) tsan STEPS=c

# What TSan would say nothing of, and what is too long for a short run.
NO_THREADS := \(crash_\|t30_\|t38_\|udptl\|document_\|model_\|store_cut\)

JOBS := $(shell nproc)
ASAN := SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" CFLAGS="-O1 -g"
TSAN := SANITIZE="-fsanitize=thread" CFLAGS="-O1 -g"
SANITIZED = $(if $(filter-out c,$(or $(STEPS),all)),all c-tests,c-programs)

sanitize:
	$(MAKE) asan
	$(MAKE) tsan

asan:
	$(MAKE) -j$(JOBS) BUILD=build-asan $(ASAN) $(SANITIZED)
	FAX_BUILD=build-asan FAX_SANITIZER=asan spec/run $(STEPS)

tsan:
	$(MAKE) -j$(JOBS) BUILD=build-tsan $(TSAN) $(SANITIZED)
	FAX_BUILD=build-tsan FAX_SANITIZER=tsan spec/run $(STEPS)

test-long:
	$(MAKE) deps
	$(MAKE) -j$(JOBS) all c-tests
	spec/run
	WALK_STEPS=100000 FAX_BUILD=$(BUILD) $(BUILD)/spec/service_walk_test
	WALK_STEPS=20000 WALK_LOOSE=1 FAX_BUILD=$(BUILD) $(BUILD)/spec/service_walk_test
	TMPDIR=/dev/shm MONTH_JOBS=100000 FAX_BUILD=$(BUILD) $(BUILD)/spec/service_month_test
	TMPDIR=/dev/shm VANISH_SECONDS=60 FAX_BUILD=$(BUILD) $(BUILD)/spec/ipc_vanish_test
	$(MAKE) test-web
	$(MAKE) sanitize
	$(MAKE) -j$(JOBS) BUILD=build-asan $(ASAN) hammer
	$(MAKE) -j$(JOBS) BUILD=build-tsan $(TSAN) hammer
	$(MAKE) bench

demo:
	$(MAKE) deps
	$(MAKE) -j$(JOBS) all
	lua/bin/faxctl demo

demo-web:
	$(MAKE) deps
	$(MAKE) -j$(JOBS) all
	@exec $(LUA) examples/openresty/start.lua $(WEB_ARGS)

# For a shell: eval "$(make -s env)"
env:
	@echo 'export LUA_PATH="$(CURDIR)/lua/?.lua;$(CURDIR)/lua/?/init.lua;;"'
	@echo 'export LUA_CPATH_5_4="$(abspath $(BUILD))/lua/5.4/?.so;;"'
	@echo 'export LUA_CPATH="$(abspath $(BUILD))/lua/5.1/?.so;;" # LuaJIT'
	@echo 'export PATH="$(CURDIR)/lua/bin:$$PATH"'

# SOAK seconds each of random faxes, aborts and failures on both VMs, and of a server
# that is killed under its clients.
SOAK ?= 600
soak: all
	$(MAKE) -s env > $(BUILD)/env
	. $(BUILD)/env && $(LUA) spec/soak/lines.lua $(SOAK) && \
	  $(LUAJIT) spec/soak/lines.lua $(SOAK) && $(LUA) spec/soak/server.lua $(SOAK)

bench: all $(BENCHES)
	@FAX_BUILD=$(BUILD) $(LUA) spec/bench/run.lua $(BENCH_ARGS)

lint:
	clang-format --dry-run --Werror $(shell git ls-files '*.c' '*.h')
	luacheck -q lua spec examples docs
	clang-tidy --quiet $(LIB_SRC) -- $(BASE_CFLAGS) $(call pkg,--cflags,$(PKGS))

# ---- installing ----

LUADIR_54 := $(DESTDIR)$(PREFIX)/share/lua/5.4
LUADIR_51 := $(DESTDIR)$(PREFIX)/share/lua/5.1
INSTALLED := $(DESTDIR)$(LIBDIR)
COMPLETION_BASH := $(DESTDIR)$(PREFIX)/share/bash-completion/completions/faxctl
COMPLETION_ZSH  := $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_faxctl

install: all
	install -d $(INSTALLED)/fax/fsp $(INSTALLED)/pkgconfig \
	  $(INSTALLED)/lua/5.4/fax $(INSTALLED)/lua/5.1/fax \
	  $(DESTDIR)$(PREFIX)/include/fax \
	  $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/man/man8 $(DESTDIR)$(PREFIX)/share/fax
	install -m 755 $(LIB) $(INSTALLED)/
	ln -sf libfax.so.$(SOVERSION) $(INSTALLED)/libfax.so
	install -m 755 $(RENDER) $(CHECK) $(HOST) $(INSTALLED)/fax/
	install -m 755 $(FSP_LIBS) $(INSTALLED)/fax/fsp/
	install -m 755 $(CORE_54) $(INSTALLED)/lua/5.4/fax/
	install -m 755 $(CORE_JIT) $(INSTALLED)/lua/5.1/fax/
	for file in $$(cd lua && find fax -name '*.lua'); do \
	  install -D -m 644 lua/$$file $(LUADIR_54)/$$file && \
	  install -D -m 644 lua/$$file $(LUADIR_51)/$$file || exit 1; done
	install -m 644 src/include/fax/*.h $(DESTDIR)$(PREFIX)/include/fax/
	install -m 755 lua/bin/faxctl lua/bin/faxd $(DESTDIR)$(PREFIX)/bin/
	install -m 644 docs/faxctl.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 docs/faxd.8 $(DESTDIR)$(PREFIX)/share/man/man8/
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	FAX_BUILD=$(BUILD) $(LUA) lua/bin/faxctl completion bash > $(COMPLETION_BASH)
	FAX_BUILD=$(BUILD) $(LUA) lua/bin/faxctl completion zsh > $(COMPLETION_ZSH)
	for file in faxd.lua faxd.service faxd.socket faxd.initd; do \
	  sed -e 's|/usr/bin/faxd|$(PREFIX)/bin/faxd|' examples/service/$$file \
	    > $(DESTDIR)$(PREFIX)/share/fax/$$file || exit 1; done
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' \
	  src/fax.pc.in > $(INSTALLED)/pkgconfig/fax.pc

uninstall:
	rm -rf $(INSTALLED)/fax $(INSTALLED)/libfax.so* \
	  $(INSTALLED)/pkgconfig/fax.pc $(INSTALLED)/lua/5.4/fax \
	  $(INSTALLED)/lua/5.1/fax $(LUADIR_54)/fax $(LUADIR_51)/fax \
	  $(DESTDIR)$(PREFIX)/include/fax $(DESTDIR)$(PREFIX)/bin/faxctl \
	  $(DESTDIR)$(PREFIX)/bin/faxd $(DESTDIR)$(PREFIX)/share/fax \
	  $(DESTDIR)$(PREFIX)/share/man/man1/faxctl.1 \
	  $(DESTDIR)$(PREFIX)/share/man/man8/faxd.8 $(COMPLETION_BASH) $(COMPLETION_ZSH)

-include src/check/check.mk
-include src/host/host.mk
-include src/rock.mk
-include spec/bench/bench.mk
-include spec/crash.mk
-include spec/lifetime.mk
-include spec/browser/browser.mk
-include spec/hammer/hammer.mk
-include spec/line/line.mk
-include spec/fuzz/fuzz.mk

clean:
	rm -rf $(BUILD) build-asan build-tsan

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
