/* SPDX-License-Identifier: MIT
   The life of an operation at a C FSP: order, blocks, verdicts. */
#include "provider_stage.h"

/* ---- order and blocks ---- */

static BOOL check_send(HANDLE handle, PFAX_SEND send,
                       PFAX_SEND_CALLBACK callback) {
  assert_int_equal(send->SizeOfStruct, sizeof *send);
  assert_string_equal(send->FileName, "/spool/page.tif");
  assert_string_equal(send->CallerName, "Ann");
  assert_string_equal(send->CallerNumber, "+1 555");
  assert_string_equal(send->ReceiverName, "Bob");
  assert_string_equal(send->ReceiverNumber, "100");
  assert_true(send->Branding);
  assert_int_equal(send->CallHandle, 0);
  send->ReceiverNumber[0] = 'x'; /* a copy of the FSP's own */
  assert_true(callback(handle, 0, 0, 0));
  note("send");
  return TRUE;
}

/* FSP-20, -27, -28, -34, -36 */
static void test_send_order(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.send = check_send;
  op = start_op(p, FAX_OP_SEND);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 send report end:10 "
                      "ended:20000008 released shutdown ");
}

static BOOL check_receive(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  char *room = (char *)(receive + 1);

  (void)handle;
  assert_true(call == 0);
  assert_int_equal(receive->SizeOfStruct, sizeof *receive);
  assert_ptr_equal(receive->FileName, room);
  assert_string_equal(receive->FileName, "/spool/page.tif");
  room[FAXDEVRECEIVE_SIZE - 1] = '\0'; /* all of it is there */
  receive->ReceiverNumber = strcpy(room + strlen(room) + 1, "200");
  note("receive");
  return TRUE;
}

/* FSP-20, -42..44, -67 */
static void test_receive_order(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.receive = check_receive;
  op = start_op(p, FAX_OP_RECEIVE);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 receive report end:10 "
                      "ended:20000008 released shutdown ");
}

static void test_file_name_too_long(void **state) {
  struct fax_provider *p = load();
  struct op_order order = an_order(FAX_OP_RECEIVE);
  char name[FAXDEVRECEIVE_SIZE + 1];
  struct fax_op *op;

  (void)state;
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  order.file = name;
  assert_int_equal(op_new(&order, NULL, &op), 0);
  assert_int_equal(op_start(p, op), 0);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize ended:20000020 released shutdown ");
  assert_string_equal(stage.cause, "provider_refused");
}

/* ---- the end, by what the calls say ---- */

static void ends(BOOL result, DWORD status, DWORD expected, const char *cause) {
  struct fax_provider *p;
  char word[32];

  set_stage(NULL);
  stage.result = result;
  stage.status = status;
  p = load();
  finish(p, start_op(p, FAX_OP_SEND));
  snprintf(word, sizeof word, "ended:%x", (unsigned)expected);
  if (played(word) != 1) fail_msg("no %s: %s", word, stage.play);
  assert_int_equal(played("end:10"), 1);
  assert_string_equal(stage.cause, cause);
}

/* FSP-40 */
static void test_verdicts(void **state) {
  static const DWORD final[] = {FS_LINE_UNAVAILABLE, FS_BUSY,
                                FS_NO_ANSWER,        FS_BAD_ADDRESS,
                                FS_NO_DIAL_TONE,     FS_DISCONNECTED,
                                FS_FATAL_ERROR,      FS_NOT_FAX_CALL,
                                FS_CALL_DELAYED,     FS_USER_ABORT,
                                FS_CALL_BLACKLISTED, 0x4711};
  static const DWORD underway[] = {FS_INITIALIZING, FS_DIALING,
                                   FS_TRANSMITTING, FS_RECEIVING,
                                   FS_ANSWERED,     0};

  (void)state;
  ends(TRUE, FS_COMPLETED, FS_COMPLETED, "");
  ends(TRUE, FS_HANDLED, FS_HANDLED, "");
  ends(FALSE, FS_COMPLETED, FS_FATAL_ERROR, "provider_error");
  ends(FALSE, FS_HANDLED, FS_FATAL_ERROR, "provider_error");
  for (size_t i = 0; i < sizeof final / sizeof *final; i++) {
    ends(FALSE, final[i], final[i], "");
    ends(TRUE, final[i], FS_FATAL_ERROR, "provider_error");
  }
  for (size_t i = 0; i < sizeof underway / sizeof *underway; i++) {
    ends(FALSE, underway[i], FS_FATAL_ERROR, "provider_error");
    ends(TRUE, underway[i], FS_FATAL_ERROR, "provider_error");
  }
  assert_non_null(strstr(stage.evidence, "0x00000000"));
}

static BOOL report_nothing(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                           LPDWORD required) {
  (void)handle;
  (void)status;
  (void)size;
  (void)required;
  note("report");
  return FALSE;
}

static BOOL report_wrong_size(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                              LPDWORD required) {
  right_report(handle, status, size, required);
  status->SizeOfStruct = 1;
  return TRUE;
}

static BOOL report_texts(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                         LPDWORD required) {
  static char outside[] = "outside";

  right_report(handle, status, size, required);
  assert_int_equal(size, sizeof *status + FAXDEVREPORTSTATUS_SIZE);
  status->CSI = strcpy((char *)status + size - 6, "+1 99");
  status->CallerId = outside;
  status->PageCount = 3;
  status->ErrorCode = ERROR_BUSY;
  return TRUE;
}

/* FSP-27, -55, -57 */
static void test_reports(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.report = report_nothing;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000800"), 1);
  assert_int_equal(played("end:10"), 1);
  set_stage(NULL);
  p = load();
  fsp_script.report = report_wrong_size;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000800"), 1);
  set_stage(NULL);
  p = load();
  stage.result = FALSE;
  stage.status = FS_BUSY;
  fsp_script.report = report_texts;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000040"), 1);
  assert_string_equal(stage.remote_id, "+1 99");
  assert_int_equal(stage.last.page, 3);
  assert_non_null(strstr(stage.evidence, "ERROR_BUSY"));
  assert_int_equal(stage.last.rate, FAX_UNKNOWN);
}

/* ---- a status of the provider's own ---- */

#define OWN_STATUS 0x1001

static DWORD own_id;
static const char *own_text;

static BOOL report_own(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                       LPDWORD required) {
  right_report(handle, status, size, required);
  status->StatusId = OWN_STATUS;
  status->StringId = 7;
  status->ErrorCode = ERROR_BUSY;
  return TRUE;
}

static BOOL say_own(DWORD id, char *text, size_t size) {
  own_id = id;
  if (own_text == NULL) return FALSE;
  memset(text, 'x', size); /* all of it is the provider's to write */
  memcpy(text, own_text, strnlen(own_text, size - 1) + 1);
  return TRUE;
}

static BOOL say_endless(DWORD id, char *text, size_t size) {
  (void)id;
  memset(text, 'x', size);
  return TRUE;
}

static void end_with(const char *name, DWORD status, const char *evidence) {
  struct fax_provider *p = NULL;
  char ended[32];

  assert_int_equal(load_named(name, &p), 0);
  stage.result = FALSE;
  finish(p, start_op(p, FAX_OP_SEND));
  snprintf(ended, sizeof ended, "ended:%x", (unsigned)status);
  assert_int_equal(played(ended), 1);
  if (strstr(stage.evidence, evidence) == NULL)
    fail_msg("\"%s\" is not of \"%s\"", stage.evidence, evidence);
}

static void set_own(const char *text) {
  set_stage(NULL);
  fsp_script.report = report_own;
  fsp_script.string = say_own;
  own_text = text;
  own_id = 0;
}

/* FSP-54 */
static void test_own_status(void **state) {
  (void)state;
  set_own("the modem is too hot \xc2\xb0");
  end_with("strings", OWN_STATUS, "the modem is too hot \xc2\xb0");
  assert_int_equal(own_id, 7);
  set_own(NULL); /* it does not know the string */
  end_with("strings", OWN_STATUS, "ERROR_BUSY");
  set_own("\xc3\x28");
  end_with("strings", OWN_STATUS, "ERROR_BUSY");
  set_own("");
  end_with("strings", OWN_STATUS, "ERROR_BUSY");
  set_own(NULL);
  fsp_script.string = say_endless;
  end_with("strings", OWN_STATUS, "xxxxxxxx");
  set_own("unused"); /* it does not export the function */
  end_with("forward", OWN_STATUS, "ERROR_BUSY");
  assert_int_equal(own_id, 0);
  set_own("unused"); /* predefined statuses are not asked for */
  fsp_script.report = report_texts;
  stage.status = FS_BUSY;
  end_with("strings", FS_BUSY, "ERROR_BUSY");
  assert_int_equal(own_id, 0);
}

/* ---- StartJob fails ---- */

static DWORD start_error;

static BOOL fail_start(HLINE line, DWORD device, PHANDLE handle, HANDLE port,
                       ULONG_PTR key) {
  (void)line;
  (void)device;
  (void)port;
  (void)key;
  *handle = NULL;
  note("start");
  FaxSetLastError(start_error);
  return FALSE;
}

static BOOL no_handle(HLINE line, DWORD device, PHANDLE handle, HANDLE port,
                      ULONG_PTR key) {
  (void)line;
  (void)device;
  (void)handle;
  (void)port;
  (void)key;
  note("start");
  return TRUE;
}

/* FSP-22, -30 */
static void test_start_fails(void **state) {
  static const DWORD errors[][2] = {{ERROR_BUSY, FS_LINE_UNAVAILABLE},
                                    {0, FS_LINE_UNAVAILABLE},
                                    {4711, FS_LINE_UNAVAILABLE},
                                    {ERROR_OUTOFMEMORY, FS_FATAL_ERROR},
                                    {ERROR_INVALID_PARAMETER, FS_FATAL_ERROR}};
  struct fax_provider *p;
  char play[128];

  (void)state;
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    set_stage(NULL);
    fsp_script.start_job = fail_start;
    start_error = errors[i][0];
    p = load();
    finish(p, start_op(p, FAX_OP_SEND));
    snprintf(play, sizeof play,
             "create initialize start ended:%x released shutdown ",
             (unsigned)errors[i][1]);
    assert_string_equal(stage.play, play);
    assert_string_equal(stage.cause, "start_failed");
  }
  assert_non_null(strstr(stage.evidence, "ERROR_INVALID_PARAMETER"));
  set_stage(NULL);
  fsp_script.start_job = no_handle;
  p = load();
  finish(p, start_op(p, FAX_OP_SEND));
  assert_string_equal(stage.play,
                      "create initialize start ended:20000800 released "
                      "shutdown ");
}

#define TEST(name) cmocka_unit_test_setup(name, set_stage)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_send_order),
      TEST(test_receive_order),
      TEST(test_file_name_too_long),
      TEST(test_verdicts),
      TEST(test_reports),
      TEST(test_own_status),
      TEST(test_start_fails),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, nothing_left);
}
