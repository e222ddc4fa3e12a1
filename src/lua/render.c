/* SPDX-License-Identifier: MIT
   Documents to fax pages, and faxes to documents, without a service. */
#include <fax/fax_archive.h>
#include <string.h>

#include "lua/binding.h"

static struct record_ref rendered_record = {"fax_rendered", NULL};

/* render{ files = {...}, resolution =, paper =, output =, png =, time_limit = }
 */
static int render_document(lua_State *L) {
  struct fax_render render;
  struct fax_rendered *rendered;
  struct interrupt_watch watch;
  struct box *block;
  luaL_checktype(L, 1, LUA_TTABLE);
  memset(&render, 0, sizeof render);
  render.size = sizeof render;
  render.files = field_texts(L, 1, "files", &render.file_count);
  render.resolution = field_dword(L, 1, "resolution", FAX_RESOLUTION_FINE);
  render.paper = field_dword(L, 1, "paper", FAX_PAPER_AUTO);
  render.output = field_text(L, 1, "output");
  render.png = field_text(L, 1, "png");
  patience_read(L, 1, &watch, &render.patience);
  block = block_push(L); /* -- block */
  if (!FaxRenderDocument(&render, &rendered))
    return fail_last(L, "FaxRenderDocument");
  box_fill(block, rendered);
  record_push(L, record_get(&rendered_record), rendered);
  block_free(block);
  return 1;
}

/* export{ file =, output =, time_limit = } */
static int export_document(lua_State *L) {
  struct fax_export order;
  struct fax_rendered *rendered;
  struct interrupt_watch watch;
  struct box *block;
  luaL_checktype(L, 1, LUA_TTABLE);
  memset(&order, 0, sizeof order);
  order.size = sizeof order;
  order.file = field_text(L, 1, "file");
  order.output = field_text(L, 1, "output");
  patience_read(L, 1, &watch, &order.patience);
  block = block_push(L); /* -- block */
  if (!FaxExportDocument(&order, &rendered))
    return fail_last(L, "FaxExportDocument");
  box_fill(block, rendered);
  record_push(L, record_get(&rendered_record), rendered);
  block_free(block);
  return 1;
}

void render_open(lua_State *L) {
  lua_pushcfunction(L, export_document);
  lua_setfield(L, -2, "export"); /* -- core */
  lua_pushcfunction(L, render_document);
  lua_setfield(L, -2, "render"); /* -- core */
}
