# SPDX-License-Identifier: MIT
# The pages of examples/openresty in Chromium: make test-web. What only these tests
# need is installed here: Debian's chromium with its driver, and axe-core, by npm,
# into the build folder. Pictures of the pages are left in $(BUILD)/web.

AXE := $(BUILD)/axe/node_modules/axe-core/axe.min.js

.PHONY: test-web
test-web:
	$(MAKE) deps DEPS_MORE="chromium chromium-driver $(if $(shell command -v npm),,npm)"
	$(MAKE) -j$(JOBS) all $(AXE)
	FAX_BUILD=$(BUILD) $(LUA) $$(command -v busted) --ignore-lua \
	  --pattern=_spec spec/browser

$(AXE):
	@mkdir -p $(BUILD)/axe
	npm install --prefix $(BUILD)/axe --no-save --no-audit --no-fund --ignore-scripts axe-core@4
