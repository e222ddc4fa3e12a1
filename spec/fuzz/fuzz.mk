# SPDX-License-Identifier: MIT
# The fuzzers, each for FUZZ_SECONDS: make fuzz FUZZ_SECONDS=600 FUZZ_SEED=7. With
# sanitizers: make fuzz BUILD=build-asan SANITIZE="-fsanitize=address,undefined".

FUZZ_SECONDS ?= 60
FUZZ_SEED    ?= 1
FUZZERS := $(patsubst spec/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard spec/fuzz/*_fuzz.c))

$(BUILD)/fuzz/%: spec/fuzz/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(BASE_CFLAGS) -Ispec/c $(call pkg,--cflags,$(PKGS)) $(CFLAGS) \
	  $(DEPFLAGS) -MF $@.d -o $@ $< -rdynamic $(LDFLAGS) \
	  -Wl,--whole-archive $(ARCHIVE) -Wl,--no-whole-archive $(LIB_LIBS)

.PHONY: fuzz
fuzz: $(FUZZERS)
	@for fuzzer in $(FUZZERS); do \
	  $$fuzzer --seed $(FUZZ_SEED) --seconds $(FUZZ_SECONDS) || exit 1; done

# It loads what forwards to the functions of the program.
$(BUILD)/fuzz/packet_fuzz: $(BUILD)/spec/fsp/forward.so
