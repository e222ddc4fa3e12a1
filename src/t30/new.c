/* SPDX-License-Identifier: MIT
   A machine from its configuration, and its end. Nothing here touches the line:
   the first sample does. */
#include "t30/t30.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define RESOLUTIONS                                                \
  (T30_SUPPORT_STANDARD_RESOLUTION | T30_SUPPORT_FINE_RESOLUTION | \
   T30_SUPPORT_SUPERFINE_RESOLUTION | T30_SUPPORT_R8_RESOLUTION)
#define SIZES                                               \
  (T30_SUPPORT_215MM_WIDTH | T30_SUPPORT_255MM_WIDTH |      \
   T30_SUPPORT_303MM_WIDTH | T30_SUPPORT_UNLIMITED_LENGTH | \
   T30_SUPPORT_A4_LENGTH | T30_SUPPORT_B4_LENGTH |          \
   T30_SUPPORT_US_LETTER_LENGTH | T30_SUPPORT_US_LEGAL_LENGTH)

/* Printable ASCII only, at most `size` - 1 characters; what lies outside
   becomes `other`, or nothing for '\0'. A character of several bytes is one. */
static void clean_text(char *to, size_t size, const char *from, char other) {
  size_t n = 0;
  for (; from != NULL && *from != '\0' && n + 1 < size; from++) {
    unsigned char c = (unsigned char)*from;
    if (c >= 0x20 && c < 0x7f)
      to[n++] = *from;
    else if (other != '\0' && (c & 0xc0) != 0x80)
      to[n++] = other;
  }
  to[n] = '\0';
}

static int modems_for(DWORD max_rate) {
  if (max_rate != 0 && max_rate < 9600) return T30_SUPPORT_V27TER;
  if (max_rate != 0 && max_rate < 14400)
    return T30_SUPPORT_V27TER | T30_SUPPORT_V29;
  return T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17;
}

/* What a configuration had before there was T.38. */
#define FIRST_SIZE (offsetof(struct fax_t30_config, line))

/* Members that the caller's structure has not are zeros. */
static DWORD read_config(const struct fax_t30_config *given,
                         struct fax_t30_config *c) {
  memset(c, 0, sizeof *c);
  if (given == NULL || given->size < FIRST_SIZE)
    return error_say(ERROR_INVALID_PARAMETER, "fax_t30_config has no size");
  memcpy(c, given, given->size < sizeof *c ? given->size : sizeof *c);
  c->size = sizeof *c;
  return ERROR_SUCCESS;
}

static DWORD check_config(const struct fax_t30_config *c) {
  if (c->line > FAX_T30_T38)
    return error_say(ERROR_INVALID_PARAMETER, "there is no line %" PRIu32,
                     c->line);
  if (c->line == FAX_T30_T38 && c->ifp_out == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "T.38 needs ifp_out, which takes its packets");
  if (c->send_file == NULL && c->receive_file == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "neither a file to send nor one to receive was given");
  if (c->max_rate != 0 && (c->max_rate < 2400 || c->max_rate > 14400))
    return error_say(ERROR_INVALID_PARAMETER,
                     "max_rate must be between 2400 and 14400, not %" PRIu32,
                     c->max_rate);
  if ((c->send_file != NULL && strlen(c->send_file) >= 256) ||
      (c->receive_file != NULL && strlen(c->receive_file) >= 256))
    return error_say(ERROR_BUFFER_OVERFLOW,
                     "the path of a fax file has more than 255 bytes");
  return ERROR_SUCCESS;
}

static DWORD copy_config(struct fax_t30 *t, const struct fax_t30_config *c) {
  t->config = *c;
  t->config.send_file = t->config.receive_file = NULL;
  t->config.local_id = t->config.branding = NULL;
  t->send_file = mem_text(c->send_file);
  t->receive_file = mem_text(c->receive_file);
  if ((c->send_file != NULL && t->send_file == NULL) ||
      (c->receive_file != NULL && t->receive_file == NULL))
    return ERROR_NOT_ENOUGH_MEMORY;
  clean_text(t->local_id, sizeof t->local_id, c->local_id, '\0');
  clean_text(t->branding, sizeof t->branding, c->branding, '?');
  if (t->config.first_page == 0) t->config.first_page = 1;
  if (t->config.no_progress_limit == 0) t->config.no_progress_limit = 55;
  if (t->config.release_limit == 0) t->config.release_limit = 10;
  if (t->config.no_packets_limit == 0) t->config.no_packets_limit = 30;
  if (t->config.hold_limit == 0) t->config.hold_limit = 4;
  t->sending = t->send_file != NULL;
  return ERROR_SUCCESS;
}

static DWORD check_document(struct fax_t30 *t) {
  struct fax_progress unknown = FAX_PROGRESS_INIT;
  DWORD error = ERROR_SUCCESS;
  t->result.size = sizeof t->result;
  t->result.progress = unknown;
  t->result.progress.phase = FAX_PHASE_CONNECTED;
  t->result.progress.pages_confirmed = 0;
  t->result.progress.transport =
      t->config.line == FAX_T30_T38 ? FAX_TRANSPORT_T38 : FAX_TRANSPORT_AUDIO;
  if (!t->sending) return ERROR_SUCCESS;
  error = t30_count_pages(t->send_file, &t->result.pages_in_file);
  if (error != ERROR_SUCCESS) return error;
  if (t->config.first_page > t->result.pages_in_file)
    return error_say(ERROR_INVALID_PARAMETER,
                     "page %" PRIu32 " is not in a document of %" PRIu32,
                     t->config.first_page, t->result.pages_in_file);
  t->result.progress.pages_total = t->result.pages_in_file;
  t->result.progress.page = t->config.first_page;
  return ERROR_SUCCESS;
}

static void no_message(int level, const char *text) {
  (void)level;
  (void)text;
}

static void silence(logging_state_t *log) {
  span_log_set_message_handler(log, no_message);
  span_log_set_level(log, 0);
}

static bool open_line(struct fax_t30 *t) {
  if (t->config.line == FAX_T30_T38) {
    if (!t38_open(t)) return false;
    silence(t38_terminal_get_logging_state(t->t38));
    silence(
        t38_core_get_logging_state(t38_terminal_get_t38_core_state(t->t38)));
    return true;
  }
  t->fax = fax_init(NULL, t->config.calling != 0);
  if (t->fax == NULL) return false;
  silence(fax_get_logging_state(t->fax));
  fax_set_transmit_on_idle(t->fax, TRUE);
  return true;
}

static void set_up(struct fax_t30 *t) {
  t30_state_t *s = t30_engine(t);
  silence(t30_get_logging_state(s));
  t30_set_ecm_capability(s, t->config.ecm != 0);
  t30_set_supported_modems(s, modems_for(t->config.max_rate));
  t30_set_supported_compressions(s, T30_SUPPORT_T4_1D_COMPRESSION |
                                        T30_SUPPORT_T4_2D_COMPRESSION |
                                        T30_SUPPORT_T6_COMPRESSION);
  t30_set_supported_resolutions(s, RESOLUTIONS);
  t30_set_supported_image_sizes(s, SIZES);
  t30_set_rx_encoding(s, T4_COMPRESSION_ITU_T6);
  t30_set_tx_ident(s, t->local_id);
  if (t->config.not_ready != 0 && t->config.not_ready <= INT_MAX)
    t30_set_receiver_not_ready(s, (int)t->config.not_ready);
  if (t->branding[0] != '\0') t30_set_tx_page_header_info(s, t->branding);
  if (t->send_file != NULL)
    t30_set_tx_file(s, t->send_file, (int)t->config.first_page - 1, -1);
  if (t->receive_file != NULL) t30_set_rx_file(s, t->receive_file, -1);
  t30_set_phase_b_handler(s, t30_on_phase_b, t);
  t30_set_phase_e_handler(s, t30_on_phase_e, t);
  t30_set_real_time_frame_handler(s, t30_on_frame, t);
}

struct fax_t30 *fax_t30_new(const struct fax_t30_config *config) {
  struct fax_t30 *t = NULL;
  struct fax_t30_config whole;
  DWORD error = read_config(config, &whole);
  if (error == ERROR_SUCCESS) error = check_config(&whole);
  if (error != ERROR_SUCCESS) goto out;
  error = ERROR_NOT_ENOUGH_MEMORY;
  t = mem_alloc(sizeof *t);
  if (t == NULL) goto out;
  error = copy_config(t, &whole);
  if (error != ERROR_SUCCESS) goto out;
  error = check_document(t);
  if (error != ERROR_SUCCESS) goto out;
  t30_listen_to_libtiff();
  error = open_line(t) ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS) set_up(t);
out:
  FaxSetLastError(error);
  if (error == ERROR_SUCCESS) return t;
  fax_t30_free(t);
  FaxSetLastError(error);
  return NULL;
}

void fax_t30_free(struct fax_t30 *t) {
  if (t == NULL) return;
  if (t->fax != NULL || t->t38 != NULL)
    t30_set_phase_e_handler(t30_engine(t), NULL, NULL);
  if (t->fax != NULL) fax_free(t->fax);
  if (t->t38 != NULL) t38_terminal_free(t->t38);
  mem_free(t->send_file);
  mem_free(t->receive_file);
  mem_free(t->events);
  mem_free(t);
}
