/* SPDX-License-Identifier: MIT
   Fax pages as PDF: the MMR data of a page goes in as it is, in its true size.
 */
#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/render.h"

#define POINTS 72.0 /* an inch of a PDF */

static int failed(struct render *r) {
  qpdf_data q = r->pdf_file;
  const char *why = "no memory";
  if (qpdf_has_error(q))
    why = qpdf_get_error_message_detail(q, qpdf_get_error(q));
  return render_fail(r, RENDER_SYSTEM, "%s: cannot be written: %s", r->pdf,
                     why);
}

int pdf_open(struct render *r) {
  if (r->pdf == NULL) return 0;
  qpdf_data q = qpdf_init();
  r->pdf_file = q;
  if (q == NULL) return render_fail(r, RENDER_SYSTEM, "%s: no memory", r->pdf);
  qpdf_silence_errors(q);
  qpdf_set_suppress_warnings(q, QPDF_TRUE);
  return qpdf_empty_pdf(q) == QPDF_SUCCESS ? 0 : failed(r);
}

/* A stream with its own keys beside those of the data; NULL texts: none. */
static qpdf_oh stream(qpdf_data q, const void *data, size_t size,
                      const char *filter, const char *parms) {
  qpdf_oh s = qpdf_oh_new_stream(q);
  qpdf_oh none = qpdf_oh_new_null(q);
  qpdf_oh_replace_stream_data(q, s, data, size,
                              filter != NULL ? qpdf_oh_parse(q, filter) : none,
                              parms != NULL ? qpdf_oh_parse(q, parms) : none);
  return s;
}

static void set(qpdf_data q, qpdf_oh dictionary, const char *key,
                const char *value) {
  qpdf_oh_replace_key(q, dictionary, key, qpdf_oh_parse(q, value));
}

/* Rows says where it ends, whether or not there is a mark. What is white in the
   coding is a pixel of 1 in a PDF, and white, unless BlackIs1. */
static qpdf_oh image(qpdf_data q, const struct pdf_image *i) {
  char parms[160], number[24];
  (void)snprintf(parms, sizeof parms,
                 "<< /K -1 /Columns %u /Rows %u /EndOfBlock false "
                 "/BlackIs1 %s >>",
                 i->width, i->height, i->white_is_black ? "true" : "false");
  qpdf_oh s = stream(q, i->data, i->size, "/CCITTFaxDecode", parms);
  qpdf_oh dictionary = qpdf_oh_get_dict(q, s);
  set(q, dictionary, "/Type", "/XObject");
  set(q, dictionary, "/Subtype", "/Image");
  set(q, dictionary, "/ColorSpace", "/DeviceGray");
  set(q, dictionary, "/BitsPerComponent", "1");
  (void)snprintf(number, sizeof number, "%u", i->width);
  set(q, dictionary, "/Width", number);
  (void)snprintf(number, sizeof number, "%u", i->height);
  set(q, dictionary, "/Height", number);
  return s;
}

static qpdf_oh page(qpdf_data q, const struct pdf_image *i) {
  double w = i->width / i->x_resolution * POINTS;
  double h = i->height / i->y_resolution * POINTS;
  char text[160];
  int n =
      snprintf(text, sizeof text, "q %.4f 0 0 %.4f 0 0 cm /Page Do Q", w, h);
  qpdf_oh content = stream(q, text, (size_t)n, NULL, NULL);
  (void)snprintf(text, sizeof text,
                 "<< /Type /Page /MediaBox [0 0 %.4f %.4f] "
                 "/Resources << /XObject << >> >> >>",
                 w, h);
  qpdf_oh p = qpdf_oh_parse(q, text);
  qpdf_oh resources = qpdf_oh_get_key(q, p, "/Resources");
  qpdf_oh_replace_key(q, qpdf_oh_get_key(q, resources, "/XObject"), "/Page",
                      image(q, i));
  qpdf_oh_replace_key(q, p, "/Contents", content);
  return qpdf_make_indirect_object(q, p);
}

int pdf_add(struct render *r, const struct pdf_image *i) {
  qpdf_data q = r->pdf_file;
  QPDF_ERROR_CODE rc = qpdf_add_page(q, q, page(q, i), QPDF_FALSE);
  bool bad = rc != QPDF_SUCCESS || qpdf_has_error(q);
  qpdf_oh_release_all(q);
  return bad ? failed(r) : 0;
}

/* Streams stay what they are. */
int pdf_close(struct render *r) {
  qpdf_data q = r->pdf_file;
  if (q == NULL) return 0;
  qpdf_set_info_key(q, "/Producer", "fax-render " FAX_VERSION);
  if (qpdf_init_write(q, r->pdf) != QPDF_SUCCESS) return failed(r);
  qpdf_set_stream_data_mode(q, qpdf_s_preserve);
  qpdf_set_object_stream_mode(q, qpdf_o_disable);
  qpdf_set_newline_before_endstream(q, QPDF_TRUE);
  qpdf_set_deterministic_ID(q, QPDF_TRUE);
  if (qpdf_write(q) != QPDF_SUCCESS) return failed(r);
  pdf_drop(r);
  return 0;
}

void pdf_drop(struct render *r) {
  qpdf_data q = r->pdf_file;
  if (q != NULL) qpdf_cleanup(&q);
  r->pdf_file = NULL;
}
