/* SPDX-License-Identifier: MIT
   Walks every row of docs/jobs.md: brings a job into the state, applies the
   event, and holds the next state and what is raised, in order. A row that has
   no driver here fails, and so does a driver that has no row, a state that
   lacks the row of a command, or an event of the sources that is in no row. */
#include <glob.h>

#include "service_drivers.h"
#include "service_table.h"

#define DOCUMENT "docs/jobs.md"

static struct table sent, received, sent_shown, received_shown, refused;

/* ---- statuses in a row ---- */

enum { MOST_STATUSES = 10 };

struct statuses {
  DWORD count, of[MOST_STATUSES];
  char names[MOST_STATUSES][40];
  char event[TABLE_CELL]; /* with FS_* in their place */
};

static DWORD status_of(const char *name) {
  for (const struct fax_name *n = names_fsp_status; n->name != NULL; n++)
    if (strcmp(n->name, name) == 0) return n->value;
  fail_msg("docs/jobs.md: there is no status %s", name);
  return 0;
}

static bool pass_by(const char **at, const char *text) {
  size_t length = strlen(text);
  if (strncmp(*at, text, length) != 0) return false;
  *at += length;
  return true;
}

/* "FS_A, FS_B or FS_C, rest". */
static void read_statuses(const char *event, struct statuses *out) {
  const char *at = event;
  memset(out, 0, sizeof *out);
  while (strncmp(at, "FS_", 3) == 0) {
    char *name = out->names[out->count];
    assert_true(table_word(&at, "FS_", name, sizeof out->names[0]));
    out->of[out->count++] = status_of(name);
    assert_true(out->count < MOST_STATUSES);
    if (strncmp(at, ", FS_", 5) == 0) at += 2;
    if (strncmp(at, " or FS_", 7) == 0) at += 4;
    if (pass_by(&at, " or a provider's own code")) {
      strcpy(out->names[out->count], "FS_FATAL_ERROR");
      out->of[out->count++] = 0x80000001;
    }
  }
  snprintf(out->event, sizeof out->event, "%s%s", out->count > 0 ? "FS_*" : "",
           at);
}

static const char *number_of(DWORD status) {
  static char number[4];
  for (int n = 1; n < 100; n++) {
    snprintf(number, sizeof number, "%d", n);
    if (fsp_status(number) == status) return number;
  }
  fail_msg("the FSP has no number that ends with 0x%x", status);
  return NULL;
}

/* ---- one row ---- */

static void hold_inside(const struct state *state) {
  struct service *s = service_current();
  pthread_mutex_lock(&s->lock);
  const struct job *j = job_find(s, row.job);
  bool right = j != NULL && j->state == state->state &&
               (state->waits & 1u << j->wait) != 0 &&
               (j->paused == state->paused || j->state == JOB_CANCELING) &&
               (j->state != JOB_PENDING || j->failures == 0) && /* JOB-54 */
               (j->attempt != NULL) ==
                   (j->state == JOB_INPROGRESS || j->state == JOB_CANCELING);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  if (!right) fail_msg("the job is not inside what it shows");
}

static DWORD shown(const char *name) {
  const struct table *t = row.received ? &received_shown : &sent_shown;
  for (unsigned i = 0; i < t->rows; i++) {
    if (strcmp(t->cell[i][0], name) != 0) continue;
    const char *at = t->cell[i][1];
    char word[40];
    DWORD status = 0;
    while (table_word(&at, "JS_", word, sizeof word)) {
      const struct fax_name *n = names_job_status;
      while (n->name != NULL && strcmp(n->name, word) != 0) n++;
      assert_non_null(n->name);
      status |= n->value;
    }
    return status;
  }
  fail_msg("docs/jobs.md: no QueueStatus for \"%s\"", name);
  return 0;
}

static void hold_state(const char *name) {
  DWORD status = stage_queue_status(&st, row.job);
  if (status != shown(name))
    fail_msg("QueueStatus is 0x%x, not \"%s\"", status, name);
  hold_inside(find_state(name));
}

/* "gone, completed": FEI_DELETED was the last event, with that outcome. */
static void hold_gone(const char *outcome) {
  const struct fax_name *n = names_outcome;
  char name[40] = "FAX_OUTCOME_";
  for (size_t i = 0; outcome[i] != '\0'; i++)
    name[12 + i] = (char)(outcome[i] - 'a' + 'A');
  while (n->name != NULL && strcmp(n->name, name) != 0 &&
         strcmp(n->name, outcome) != 0)
    n++;
  if (n->name == NULL) fail_msg("there is no outcome %s", outcome);
  assert_int_equal(row.outcome, n->value);
  assert_int_equal(row.last, FEI_DELETED);
  if (!row.stopped)
    assert_int_equal(stage_queue_status(&st, row.job), FAX_UNKNOWN);
}

/* "FEI_A, its FEI_" as "A B". */
static void expect_raised(const char *cell, const char *status, char *out,
                          size_t size) {
  char word[40];
  *out = '\0';
  while (table_word(&cell, "FEI_", word, sizeof word)) {
    const char *name = word + strlen("FEI_");
    if (*name == '\0')
      name = strcmp(status, "FS_USER_ABORT") == 0 ? "ABORTING" : status + 3;
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s%s", used != 0 ? " " : "", name);
  }
}

static void prepare(struct driver *d, DWORD status) {
  memset(&row, 0, sizeof row);
  row.received = d->received;
  row.reception = d->reception;
  row.deadline = d->deadline;
  row.no_method = d->no_method;
  row.method_fails = d->method_fails;
  row.number = d->number != NULL ? d->number
               : d->received     ? ""
               : status != 0     ? number_of(status)
                                 : FSP_COMPLETES;
  stage_row(d->retries, d->change);
}

static void walk_once(char (*cells)[TABLE_CELL], struct driver *d, DWORD status,
                      const char *status_name) {
  char raised[512];
  const char *next = cells[2];
  prepare(d, status);
  if (d->from != NULL)
    d->from();
  else
    find_state(cells[0])->bring();
  take_events();
  if (strcmp(cells[0], "-") != 0) hold_state(cells[0]);
  row.trace[0] = '\0';
  d->apply();
  take_events();
  expect_raised(cells[3], status_name, raised, sizeof raised);
  if (strcmp(row.trace, raised) != 0)
    fail_msg("raised \"%s\", not \"%s\"", row.trace, raised);
  if (pass_by(&next, "gone, "))
    hold_gone(next);
  else
    hold_state(next);
  end_row();
}

static void walk_row(char (*cells)[TABLE_CELL], bool is_received) {
  struct statuses statuses;
  read_statuses(cells[1], &statuses);
  row.received = is_received;
  struct driver *d = find_driver(cells[0], statuses.event);
  d->used = true;
  for (DWORD i = 0; i == 0 || i < statuses.count; i++)
    for (variant = 0; variant == 0 || variant < d->variants; variant++) {
      print_message("| %s | %s | %s %d\n", cells[0], cells[1],
                    statuses.names[i], variant);
      walk_once(cells, d, statuses.of[i], statuses.names[i]);
    }
}

/* JOB-17..23, -32, -33, -34, -38, -48, -49, -51, -52, -54, -57, -63, FSP-32,
   -33, -45..48 */
static void every_row_of_jobs_to_be_sent_is_true(void **unused) {
  (void)unused;
  for (unsigned i = 0; i < sent.rows; i++) walk_row(sent.cell[i], false);
}

/* JOB-24, -25, -26, -28, -64, -65, FSP-49, -50, RT-31 */
static void every_row_of_receptions_is_true(void **unused) {
  (void)unused;
  for (unsigned i = 0; i < received.rows; i++) walk_row(received.cell[i], true);
}

/* ---- what is refused ---- */

static DWORD try_command(DWORD what) {
  return FaxSetJob(st.server, row.job, what, NULL) ? ERROR_SUCCESS
                                                   : FaxGetLastError();
}

/* JOB-56 */
static DWORD try_foreign_entry(void) {
  FAX_JOB_ENTRY entry = {.SizeOfStruct = sizeof entry, .JobId = row.job + 1};
  return FaxSetJob(st.server, row.job, JC_PAUSE, &entry) ? ERROR_SUCCESS
                                                         : FaxGetLastError();
}

static DWORD try_abort(void) {
  return FaxAbort(st.server, row.job) ? ERROR_SUCCESS : FaxGetLastError();
}

static DWORD try(const char *what, int way) {
  if (strcmp(what, "pause") == 0) return try_command(JC_PAUSE);
  if (strcmp(what, "resume or restart") == 0)
    return try_command(way == 0 ? JC_RESUME : JC_RESTART);
  if (strcmp(what, "delete or FaxAbort") == 0)
    return way == 0 ? try_command(JC_DELETE) : try_abort();
  if (strcmp(what, "command 0 or 4") == 0) return try_command(way == 0 ? 0 : 4);
  if (strcmp(what, "the entry of another job") == 0) return try_foreign_entry();
  fail_msg("docs/jobs.md: no driver for \"%s\"", what);
  return 0;
}

static void hold_refused(char (*cells)[TABLE_CELL]) {
  DWORD code = strcmp(cells[3], "ERROR_INVALID_OPERATION") == 0
                   ? ERROR_INVALID_OPERATION
               : strcmp(cells[3], "ERROR_INVALID_PARAMETER") == 0
                   ? ERROR_INVALID_PARAMETER
                   : 0;
  print_message("| %s | %s | %s |\n", cells[0], cells[1], cells[2]);
  struct driver plain = {.received = strcmp(cells[0], "received") == 0};
  prepare(&plain, 0);
  if (strcmp(cells[1], "gone") == 0)
    be_gone();
  else
    find_state(cells[1])->bring();
  take_events();
  row.trace[0] = '\0';
  assert_int_not_equal(code, 0);
  for (int way = 0; way < 2; way++) {
    assert_int_equal(try(cells[2], way), code);
    assert_true(FaxGetLastErrorMessage()[0] != '\0');
  }
  take_events();
  assert_string_equal(row.trace, ""); /* nothing is raised, nothing changes */
  if (strcmp(cells[1], "gone") != 0) hold_state(cells[1]);
  end_row();
}

/* JOB-50, -55, -56, -58, -60 */
static void what_is_refused_changes_nothing(void **unused) {
  (void)unused;
  for (unsigned i = 0; i < refused.rows; i++) hold_refused(refused.cell[i]);
}

/* ---- the tables are complete ---- */

static bool has_row(const struct table *t, unsigned column, const char *state,
                    const char *event) {
  for (unsigned i = 0; i < t->rows; i++)
    if (strcmp(t->cell[i][column], state) == 0 &&
        strcmp(t->cell[i][column + 1], event) == 0)
      return true;
  return false;
}

static bool is_refused(bool of_received, const char *state, const char *event) {
  const char *job = of_received ? "received" : "to be sent";
  for (unsigned i = 0; i < refused.rows; i++)
    if (strcmp(refused.cell[i][0], job) == 0 &&
        strcmp(refused.cell[i][1], state) == 0 &&
        strcmp(refused.cell[i][2], event) == 0)
      return true;
  return false;
}

static void hold_commands(bool of_received) {
  static const char *const commands[] = {"pause", "resume or restart",
                                         "delete or FaxAbort"};
  const struct table *states = of_received ? &received_shown : &sent_shown;
  const struct table *t = of_received ? &received : &sent;
  for (unsigned i = 0; i < states->rows; i++) {
    const char *state = states->cell[i][0];
    if (!has_row(t, 0, state, "the service stops"))
      fail_msg("%s: what does the service's stop do?", state);
    for (int c = 0; c < 3; c++)
      if (has_row(t, 0, state, commands[c]) ==
          is_refused(of_received, state, commands[c]))
        fail_msg("%s: %s must have one row", state, commands[c]);
  }
}

static void every_state_has_a_row_for_each_command(void **unused) {
  (void)unused;
  hold_commands(false);
  hold_commands(true);
}

static void every_driver_has_its_row(void **unused) {
  (void)unused;
  for (size_t i = 0; i < DRIVERS; i++)
    if (!drivers[i].used)
      fail_msg("docs/jobs.md lost | %s | %s |",
               drivers[i].state != NULL ? drivers[i].state : "any",
               drivers[i].event);
}

static bool is_raised(const struct table *t, const char *name) {
  char word[40];
  for (unsigned i = 0; i < t->rows; i++) {
    const char *at = t->cell[i][3];
    while (table_word(&at, "FEI_", word, sizeof word))
      if (strcmp(word, name) == 0) return true;
  }
  return false;
}

/* Those of ports and of the configuration are no job's. */
static void hold_source(const char *path) {
  static const char *const others[] = {
      "FEI_IDLE", "FEI_MODEM_POWERED_ON", "FEI_MODEM_POWERED_OFF",
      "FEI_",     "FEI_FAX_PORT_CHANGED", "FEI_FAX_CONFIG_CHANGED"};
  char line[512], word[40];
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file) != NULL)
    for (const char *at = line; table_word(&at, "FEI_", word, sizeof word);) {
      bool other = false;
      for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        other = other || strcmp(word, others[i]) == 0;
      if (!other && !is_raised(&sent, word) && !is_raised(&received, word))
        fail_msg("%s raises %s, which is in no row", path, word);
    }
  fclose(file);
}

/* What job, attempt and routing raise by name; a status has its own. */
static void every_event_of_the_sources_is_in_a_row(void **unused) {
  static const char *const folders[] = {"job", "attempt", "routing", "config",
                                        "schedule"};
  (void)unused;
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char pattern[64];
    glob_t found;
    snprintf(pattern, sizeof pattern, "src/service/%s/*.c", folders[i]);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t n = 0; n < found.gl_pathc; n++)
      if (strcmp(found.gl_pathv[n], "src/service/attempt/status.c") != 0)
        hold_source(found.gl_pathv[n]);
    globfree(&found);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_of_jobs_to_be_sent_is_true),
      cmocka_unit_test(every_row_of_receptions_is_true),
      cmocka_unit_test(what_is_refused_changes_nothing),
      cmocka_unit_test(every_state_has_a_row_for_each_command),
      cmocka_unit_test(every_driver_has_its_row),
      cmocka_unit_test(every_event_of_the_sources_is_in_a_row),
  };
  test_start();
  table_read(&sent_shown, DOCUMENT, "To be sent", 0);
  table_read(&sent, DOCUMENT, "To be sent", 1);
  table_read(&received_shown, DOCUMENT, "Received", 0);
  table_read(&received, DOCUMENT, "Received", 1);
  table_read(&refused, DOCUMENT, "Refused", 0);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
