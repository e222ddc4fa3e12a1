/* SPDX-License-Identifier: MIT
   A document handle: the pages of a document, made once for any number of
   jobs. */
#include <fax/fax_archive.h>
#include <string.h>

#include "lua/binding.h"

static HANDLE document_handle(lua_State *L) {
  return box_object(box_check(L, 1, DOCUMENT_TYPE));
}

static int document_close(lua_State *L) {
  HANDLE handle = box_empty(box_check(L, 1, DOCUMENT_TYPE));
  if (handle != NULL) FaxClose(handle);
  return 0;
}

static int document_closed(lua_State *L) {
  lua_pushboolean(L, document_handle(L) == NULL);
  return 1;
}

int document_prepare(lua_State *L) {
  HANDLE server = server_handle(L);
  struct fax_document document;
  struct interrupt_watch watch;
  struct box *box;
  HANDLE handle;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&document, 0, sizeof document);
  document.size = sizeof document;
  document.files = field_texts(L, 2, "files", &document.file_count);
  document.resolution = field_dword(L, 2, "resolution", FAX_RESOLUTION_FINE);
  document.paper = field_dword(L, 2, "paper", FAX_PAPER_AUTO);
  patience_read(L, 2, &watch, &document.patience);
  if (server == NULL) return fail_closed(L, "FaxPrepareDocument");
  box = box_push(L, DOCUMENT_TYPE); /* -- box */
  if (!FaxPrepareDocument(server, &document, &handle))
    return fail_last(L, "FaxPrepareDocument");
  box_fill(box, handle);
  return 1;
}

/* _file(form, page) */
static int document_file(lua_State *L) {
  struct fax_file ask = {.of = FAX_FILE_DOCUMENT};
  return file_push(L, document_handle(L), &ask, 2);
}

static const luaL_Reg document_methods[] = {
    {"closed", document_closed}, {"_file", document_file}, {NULL, NULL}};

void document_open(lua_State *L) {
  box_type(L, DOCUMENT_TYPE, document_methods, document_close);
  lua_getfield(L, -1, "__index"); /* -- core, mt, methods */
  lua_setfield(L, -3, "document_methods");
  lua_pop(L, 1); /* -- core */
}
