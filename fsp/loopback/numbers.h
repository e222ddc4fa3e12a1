/* SPDX-License-Identifier: MIT
   Called numbers that behave the same way each time: +999 9999 and a code of
   three digits. */
#ifndef LOOPBACK_NUMBERS_H
#define LOOPBACK_NUMBERS_H

#include <fax/faxdev.h>
#include <stdbool.h>
#include <stddef.h>

#define TEST_PREFIX "+9999999"

/* What the called side does; all but the first five are of a fax machine. */
enum test_act {
  ACT_BUSY,
  ACT_NO_ANSWER,
  ACT_VOICE,   /* a person, who stays */
  ACT_GOODBYE, /* a person, who hangs up after so many seconds */
  ACT_FAX,
  ACT_DROP,   /* on page n of the call */
  ACT_REJECT, /* RTN for page n of the call, the first time */
  ACT_REFUSE, /* RTN for page n of the call, every time */
  ACT_SILENT  /* from phase n on, without hanging up */
};

/* A row of docs/test-numbers.md: the first four members are its columns. */
struct test_number {
  const char *code; /* "20n": any digit from `least` to `most` */
  const char *text;
  DWORD status;      /* of a call of three pages; 0: it depends on n */
  const char *cause; /* "" when it is completed */
  enum test_act act;
  DWORD least, most; /* of n */
  const char *line;  /* options, "noise=-n", with blanks between; or NULL */
  DWORD rings_for;   /* seconds, before it is answered */
  DWORD silent_for;  /* seconds between the answer and the first tone */
  DWORD max_rate;    /* 0: no limit */
  DWORD not_ready;   /* so often it says RNR */
  bool no_ecm;
  bool no_t38; /* it refuses the change to T.38 */
};

extern const struct test_number test_numbers[];
extern const size_t test_numbers_count;

/* The row of a number without blanks, and its n. NULL: it has none. */
const struct test_number *test_number_find(const char *number, DWORD *n_out);

/* Puts the plus, which may be left out, in front of the number of a test. */
void test_number_complete(char *number, size_t size);

#endif
