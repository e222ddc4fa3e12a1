/* SPDX-License-Identifier: MIT
   What needs no handle: the registration of providers, and the start values of
   a submission. */
#include "lua/binding.h"

static struct record_ref job_param = {"FAX_JOB_PARAM", NULL};
static struct record_ref coverpage_info = {"FAX_COVERPAGE_INFO", NULL};

/* complete_job_params() -> FAX_JOB_PARAM, FAX_COVERPAGE_INFO */
static int complete_job_params(lua_State *L) {
  struct box *first = block_push(L);
  struct box *second = block_push_own(L); /* -- first, second */
  PFAX_JOB_PARAM params;
  PFAX_COVERPAGE_INFO cover;
  if (!FaxCompleteJobParams(&params, &cover))
    return fail_last(L, "FaxCompleteJobParams");
  box_fill(first, params);
  box_fill(second, cover);
  record_push(L, record_get(&job_param), params);
  record_push(L, record_get(&coverpage_info), cover);
  block_free(first);
  block_free(second);
  return 2;
}

/* register_service_provider(name, friendly name, image, TSP) */
static int register_provider(lua_State *L) {
  const char *name = check_text(L, 1);
  const char *friendly = check_text(L, 2);
  const char *image = check_text(L, 3);
  const char *tsp = check_text(L, 4);
  if (!FaxRegisterServiceProvider(name, friendly, image, tsp))
    return fail_last(L, "FaxRegisterServiceProvider");
  lua_pushboolean(L, 1);
  return 1;
}

static int unregister_provider(lua_State *L) {
  if (!FaxUnregisterServiceProvider(check_text(L, 1)))
    return fail_last(L, "FaxUnregisterServiceProvider");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg functions[] = {
    {"complete_job_params", complete_job_params},
    {"register_service_provider", register_provider},
    {"unregister_service_provider", unregister_provider},
    {NULL, NULL}};

void registration_open(lua_State *L) {
  luaL_setfuncs(L, functions, 0); /* -- core */
}
