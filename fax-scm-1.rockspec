rockspec_format = "3.0"
package = "fax"
version = "scm-1"
source = { url = "." }
description = {
  summary = "A fax service with the programming model of the Windows Fax Service",
  detailed = [[
libfax with its Lua module: connect, send, wait, receive, over T.30 modems.
Needs spandsp, libtiff, jansson, leptonica, qpdf and Ghostscript of the system;
`make deps` installs them on Debian.]],
  license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5" }
build = {
  type = "make",
  build_target = "rock-build",
  install_target = "rock-install",
  build_variables = {
    LUA_INCDIR = "$(LUA_INCDIR)",
  },
  install_variables = {
    ROCK_LIBDIR = "$(LIBDIR)",
    ROCK_LUADIR = "$(LUADIR)",
    ROCK_BINDIR = "$(BINDIR)",
    LUA_INCDIR = "$(LUA_INCDIR)",
  },
}
test = { type = "command", command = "make test" }
