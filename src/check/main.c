/* SPDX-License-Identifier: MIT
   The command line of fax-fsp-check, and what it prints. Exit status: 0 all is
   well, 1 something failed, 2 the command line is wrong. */
#include <dirent.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/check.h"

struct settings settings = {
    .pages = 1, .limit = 10, .call_limit = 300, .abort_limit = 30};

const struct rule_text rule_texts[RULES] = {
    [RULE_HEAP_BLOCK] = {"FSP-51",
                         "packets are blocks of the heap, and say "
                         "their size"},
    [RULE_KEY] = {"FSP-24", "packets go to the port with the key of their job"},
    [RULE_AFTER_END] = {"FSP-28", "nothing is posted after EndJob"},
    [RULE_CONTENTS] = {"FSP-52",
                       "packets have their size set and the rest "
                       "zero"},
    [RULE_TEXTS] = {"FSP-53", "texts lie in the block behind the structure"},
    [RULE_STATUS] = {"FSP-54", "statuses are known ones, or have a text"},
    [RULE_ONE_END] = {"FSP-40", "an operation ends once"},
    [RULE_LINE_MESSAGE] = {"FSP-61", "line messages are rings of its devices"},
    [RULE_REPORT] = {"FSP-57", "ReportStatus fills a sound structure"},
    [RULE_LAST_ERROR] = {"FSP-15", "a call that fails sets the last error"},
    [RULE_EXTENSION] = {"extension",
                        "what fax_operation.h is told makes "
                        "sense"},
    [RULE_LEFT] = {"FSP-1", "no block is left after FaxDevShutdown"},
    [RULE_THREADS] = {"FSP-11", "no thread is left after FaxDevShutdown"}};

static int failures, told;

static void say(const char *word, const char *id, const char *title,
                const char *why) {
  char line[WHY_SIZE];

  snprintf(line, sizeof line, "%s", why);
  for (char *c = line; *c != '\0'; c++)
    if ((unsigned char)*c < ' ') *c = ' ';
  printf("%-4s %-9s %s%s%s\n", word, id, title, line[0] ? ": " : "", line);
  fflush(stdout);
}

/* ---- cases ---- */

static char barrier[WHY_SIZE]; /* why the rest makes no sense */

static const char *no_number(const struct check_case *c) {
  if (c->call && settings.number == NULL) return "give it --number";
  if (c->bad_number && settings.bad_number == NULL)
    return "give it --bad-number";
  return NULL;
}

static void run_case(const struct check_case *c) {
  const struct outcome *o = &board->outcome;
  const char *missing = no_number(c);

  if (settings.only != NULL && strstr(c->title, settings.only) == NULL &&
      strcmp(c->id, settings.only) != 0)
    return;
  told++;
  if (barrier[0] != '\0' || missing != NULL) {
    say("skip", c->id, c->title, missing != NULL ? missing : barrier);
    return;
  }
  child_run(c);
  if (o->verdict == PASSED) {
    say("ok", c->id, c->title, "");
  } else if (o->verdict == SKIPPED) {
    say("skip", c->id, c->title, o->why);
  } else if (c->beyond) {
    say("note", c->id, c->title, o->why);
  } else {
    say("FAIL", c->id, c->title, o->why);
    failures++;
    if (c->needed)
      snprintf(barrier, sizeof barrier, "after the failure of \"%s\"",
               c->title);
  }
}

static void run_cases(void) {
  static const struct check_case *const sets[] = {
      load_cases, job_cases, send_cases, abort_cases, receive_cases};

  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
    for (const struct check_case *c = sets[i]; c->title != NULL; c++)
      run_case(c);
}

static void tell_rules(void) {
  for (int i = 0; i < RULES; i++) {
    const struct rule_state *rule = &board->rules[i];
    if (settings.only != NULL && !rule->broken) continue;
    if (rule->broken) failures++;
    say(rule->broken ? "FAIL"
        : rule->seen ? "ok"
                     : "skip",
        rule_texts[i].id, rule_texts[i].title,
        rule->broken ? rule->why
        : rule->seen ? ""
                     : "it did not come to that");
  }
}

/* ---- the folder ---- */

static char folder[256], document[300];

static bool make_folder(void) {
  const char *parent = getenv("TMPDIR");

  snprintf(folder, sizeof folder, "%.200s/fax-fsp-check-XXXXXX",
           parent != NULL && parent[0] != '\0' ? parent : "/tmp");
  if (mkdtemp(folder) == NULL) return false;
  settings.folder = folder;
  snprintf(document, sizeof document, "%s/document.tif", folder);
  settings.document = document;
  return document_make(document, settings.pages);
}

void folder_remove(void) {
  DIR *files = opendir(folder);
  struct dirent *file;
  char path[600];

  while (files != NULL && (file = readdir(files)) != NULL) {
    snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
    unlink(path);
  }
  if (files != NULL) closedir(files);
  rmdir(folder);
}

/* ---- the command line ---- */

static const char help[] =
    "usage: fax-fsp-check [options] PATH [KEY=VALUE ...]\n\n"
    "Drives a C fax service provider through all that the fax service may ask\n"
    "of it, each case in a process of its own, and prints a line for each.\n\n"
    "  --number N         a number that answers and takes a fax\n"
    "  --bad-number N     one that cannot be reached\n"
    "  --pages N          pages of the fax (1)\n"
    "  --limit S          seconds for a call that must not wait (10)\n"
    "  --call-limit S     seconds for FaxDevSend and FaxDevReceive (300)\n"
    "  --abort-limit S    seconds for them after an abort (30)\n"
    "  --only TEXT        cases with this rule, or with this in their title\n"
    "  -h, --help         show this\n";

static bool read_count(const char *text, unsigned most, unsigned *out) {
  char *end;
  unsigned long n = strtoul(text, &end, 10);

  if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1 || n > most)
    return false;
  *out = (unsigned)n;
  return true;
}

/* The exit status; -1: go on. */
static int read_options(int argc, char **argv) {
  static const struct option known[] = {{"number", 1, NULL, 'n'},
                                        {"bad-number", 1, NULL, 'b'},
                                        {"pages", 1, NULL, 'p'},
                                        {"limit", 1, NULL, 'l'},
                                        {"call-limit", 1, NULL, 'c'},
                                        {"abort-limit", 1, NULL, 'a'},
                                        {"only", 1, NULL, 'o'},
                                        {"help", 0, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};
  int letter;

  while ((letter = getopt_long(argc, argv, "+h", known, NULL)) != -1) {
    unsigned *count = letter == 'p'   ? &settings.pages
                      : letter == 'l' ? &settings.limit
                      : letter == 'c' ? &settings.call_limit
                      : letter == 'a' ? &settings.abort_limit
                                      : NULL;
    if (letter == 'h') {
      fputs(help, stdout);
      return 0;
    }
    if (letter == 'n') settings.number = optarg;
    if (letter == 'b') settings.bad_number = optarg;
    if (letter == 'o') settings.only = optarg;
    if (letter == '?' ||
        (count != NULL &&
         !read_count(optarg, letter == 'p' ? 100 : 86400, count)))
      return 2;
  }
  return optind < argc ? -1 : 2;
}

static bool share_board(void) {
  board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return board != MAP_FAILED;
}

int main(int argc, char **argv) {
  int status = read_options(argc, argv);
  sigset_t signals;

  if (status == 2)
    fputs("fax-fsp-check: --help tells how it is used\n", stderr);
  if (status != -1) return status;
  settings.path = argv[optind];
  settings.options = (const char **)(argv + optind + 1);
  if (access(settings.path, R_OK) != 0) {
    fprintf(stderr, "fax-fsp-check: %s cannot be read\n", settings.path);
    return 2;
  }
  if (!share_board() || !make_folder()) {
    fprintf(stderr, "fax-fsp-check: no memory, or no folder to work in\n");
    return 2;
  }
  child_signals(&signals);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  run_cases();
  if (told > 0) tell_rules();
  folder_remove();
  if (told == 0)
    fprintf(stderr, "fax-fsp-check: there is no case of \"%s\"\n",
            settings.only);
  return told == 0 ? 2 : failures > 0 ? 1 : 0;
}
