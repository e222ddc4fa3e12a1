# SPDX-License-Identifier: MIT
# The program that hosts an isolated FSP. It links libfax, as what it loads does.

HOST := $(BUILD)/fax/fax-host

$(HOST): $(BUILD)/src/host/main.o $(LIB) $(BUILD)/libfax.so
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -pthread $(LDFLAGS) -Wl,-rpath,'$$ORIGIN:$$ORIGIN/..' \
	  -o $@ $< -L$(BUILD) -lfax

all: $(HOST)
c-programs: $(HOST)

# It is loaded by fax-host, and looked at where libfax is not in sight of it.
$(BUILD)/spec/fsp/hosted.so: LDFLAGS += -L$(BUILD) -lfax -Wl,-rpath,'$$ORIGIN/../..'
