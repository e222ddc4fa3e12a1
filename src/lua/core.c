/* SPDX-License-Identifier: MIT
   luaopen_fax_core: the one exported symbol. Starts nothing: a host may load
   the module before it forks. */
#include "lua/binding.h"

int luaopen_fax_core(lua_State *L) {
  lua_newtable(L); /* -- core */
  block_types(L);
  error_open(L);
  record_open(L);
  names_open(L);
  service_open(L);
  server_open(L);
  port_open(L);
  document_open(L);
  completion_open(L);
  render_open(L);
  json_open(L);
  clock_open(L);
  system_open(L);
  registration_open(L);
  operation_open(L);
  provider_open(L);
  policy_open(L);
  descriptors_open(L);
  t30_open(L);
  udptl_open(L);
  workers_open(L);
  worker_open(L);
  signals_open(L);
  manager_open(L);
  lua_pushliteral(L, FAX_VERSION);
  lua_setfield(L, -2, "version");
  return 1;
}
