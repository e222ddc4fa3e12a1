/* SPDX-License-Identifier: MIT
   Errors as Lua sees them: nil, "what: why", "ERROR_...". */
#include <stdio.h>

#include "lua/binding.h"

/* The message is copied to the C stack first: pushing it can run a finaliser,
   and that is a fax call, which ends the life of the borrowed sentence. */
static int fail(lua_State *L, const char *what, DWORD code,
                const char *sentence) {
  char message[1024];
  char number[32];
  const char *name = FaxErrorName(code);
  if (sentence != NULL && sentence[0] != '\0')
    snprintf(message, sizeof message, "%s", sentence);
  else
    snprintf(message, sizeof message, "%s: %s", what, FaxErrorText(code));
  if (name == NULL) {
    snprintf(number, sizeof number, "ERROR_%u", (unsigned)code);
    name = number;
  }
  lua_pushnil(L);
  lua_pushstring(L, message);
  lua_pushstring(L, name); /* -- nil, message, name */
  return 3;
}

int fail_last(lua_State *L, const char *what) {
  DWORD code = FaxGetLastError();
  return fail(L, what, code == 0 ? (DWORD)ERROR_GEN_FAILURE : code,
              FaxGetLastErrorMessage());
}

int fail_code(lua_State *L, const char *what, DWORD code) {
  return fail(L, what, code, NULL);
}

int fail_closed(lua_State *L, const char *what) {
  return fail(L, what, ERROR_INVALID_HANDLE, NULL);
}

static int error_text(lua_State *L) {
  lua_pushstring(L, FaxErrorText(check_dword(L, 1)));
  return 1;
}

void error_open(lua_State *L) {
  lua_newtable(L); /* -- core, errors */
#define ERROR_FIELD(name, value, text) \
  lua_pushinteger(L, (lua_Integer)(value)), lua_setfield(L, -2, #name);
  FAX_ERRORS(ERROR_FIELD)
#undef ERROR_FIELD
  lua_setfield(L, -2, "errors");
  lua_pushcfunction(L, error_text);
  lua_setfield(L, -2, "error_text"); /* -- core */
}
