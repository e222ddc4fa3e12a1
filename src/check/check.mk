# SPDX-License-Identifier: MIT
# The conformance kit for C FSPs: a program beside fax-render. It links libfax
# as an FSP does, and stands before it with its own books of memory and packets.

CHECK     := $(BUILD)/fax/fax-fsp-check
CHECK_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/check/*.c))

$(CHECK): $(CHECK_OBJ) $(LIB) $(BUILD)/libfax.so
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -pthread -rdynamic $(LDFLAGS) \
	  -Wl,-rpath,'$$ORIGIN:$$ORIGIN/..' -o $@ $(CHECK_OBJ) -L$(BUILD) -lfax \
	  $(call pkg,--libs,libtiff-4) -ldl

all: $(CHECK)
c-tests: $(CHECK)
