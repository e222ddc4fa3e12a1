/* SPDX-License-Identifier: MIT
   FaxRenderDocument, FaxExportDocument. */
#include "method/find.h"
#include "api/result.h"
#include "document/document.h"

BOOL FaxRenderDocument(const struct fax_render *render,
                       struct fax_rendered **rendered_out) {
  api_enter();
  DWORD error = find_null(render, "render");
  if (error == ERROR_SUCCESS) error = find_null(rendered_out, "rendered_out");
  if (error == ERROR_SUCCESS) error = document_render(render, rendered_out);
  return api_done(error);
}

BOOL FaxExportDocument(const struct fax_export *ask,
                       struct fax_rendered **rendered_out) {
  api_enter();
  DWORD error = find_null(ask, "ask");
  if (error == ERROR_SUCCESS) error = find_null(rendered_out, "rendered_out");
  if (error == ERROR_SUCCESS) error = document_export(ask, rendered_out);
  return api_done(error);
}
