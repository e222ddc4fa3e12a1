/* SPDX-License-Identifier: MIT
   The list of the test numbers. docs/test-numbers.md has the same rows;
   spec/numbers_spec.lua compares them, so each begins on a line of its own. */
#include "numbers.h"

#include <stdio.h>
#include <string.h>

#define PREFIX_LENGTH (sizeof TEST_PREFIX - 1)
#define CODE_LENGTH 3

/* clang-format off */
const struct test_number test_numbers[] = {
    {"100", "answers at once and takes every page", FS_COMPLETED, "",
     .act = ACT_FAX},
    {"101", "is busy", FS_BUSY, "busy",
     .act = ACT_BUSY},
    {"102", "rings, and nobody answers", FS_NO_ANSWER, "no_answer",
     .act = ACT_NO_ANSWER},
    {"103", "rings for 40 seconds before it answers", FS_COMPLETED, "",
     .act = ACT_FAX, .rings_for = 40},
    {"104", "answers, and is silent for 20 seconds before its first tone", FS_COMPLETED, "",
     .act = ACT_FAX, .silent_for = 20},
    {"105", "a person answers, talks and stays", FS_NOT_FAX_CALL, "no_fax_answered",
     .act = ACT_VOICE},
    {"106", "a person answers, and hangs up after 5 seconds", FS_DISCONNECTED, "disconnected",
     .act = ACT_GOODBYE},
    {"107", "refuses error correction", FS_COMPLETED, "",
     .act = ACT_FAX, .no_ecm = true},
    {"108", "refuses V.17: takes 9,600 bit/s at most", FS_COMPLETED, "",
     .act = ACT_FAX, .max_rate = 9600},
    {"109", "refuses V.17 and V.29: takes 4,800 bit/s at most", FS_COMPLETED, "",
     .act = ACT_FAX, .max_rate = 4800},
    {"110", "is slow: says everything 2 seconds late", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "delay_called=2000"},
    {"111", "is not ready for more after the first page (RNR), until it is asked the fifth time", FS_COMPLETED, "",
     .act = ACT_FAX, .not_ready = 5},
    {"112", "is not ready for more for ever (RNR)", FS_FATAL_ERROR, "receiver_not_ready",
     .act = ACT_FAX, .not_ready = 10000},
    {"20n", "hangs up on page n of a call", FS_DISCONNECTED, "disconnected",
     .act = ACT_DROP, .least = 1, .most = 9},
    {"21n", "rejects page n of a call once (RTN), without error correction; the last one ends the call", FS_COMPLETED, "",
     .act = ACT_REJECT, .least = 1, .most = 9, .no_ecm = true, .max_rate = 9600},
    {"22n", "rejects page n of a call each time (RTN), without error correction", FS_FATAL_ERROR, "page_rejected",
     .act = ACT_REFUSE, .least = 1, .most = 9, .no_ecm = true, .max_rate = 9600},
    {"30n", "falls silent in phase n: 3 identification, 4 training, 5 page, 6 confirmation", 0, "",
     .act = ACT_SILENT, .least = 3, .most = 6},
    {"4nn", "the call is cut nn seconds after the answer", 0, "",
     .act = ACT_FAX, .least = 1, .most = 99, .line = "cut=n"},
    {"5nn", "noise of -nn dBm0, both ways", 0, "",
     .act = ACT_FAX, .least = 1, .most = 90, .line = "noise=-n"},
    {"6nn", "nn tenths of a percent of the frames of 20 ms are lost, both ways, and the ones before repeated", 0, "",
     .act = ACT_FAX, .least = 1, .most = 99, .line = "loss=t conceal=repeat"},
    {"700", "a line with A-law companding", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "companding=alaw"},
    {"701", "a line with mu-law companding", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "companding=ulaw"},
    {"702", "a line that is 12 dB too weak", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "level=-12"},
    {"703", "a line with an echo of -15 dB after 60 ms", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "echo=-15 echo_delay=60"},
    {"704", "a line with a slip of 40 samples each 10 seconds", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "slip=40 slip_every=10"},
    {"705", "a line with bursts of loss, some 80 ms long, each 20 seconds; what came before is repeated", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "burst_begin=0.1 burst_end=25 conceal=repeat"},
    {"706", "a line over a satellite: 600 ms each way", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "delay=600"},
    {"707", "a line on which 0.1 % of the frames are displaced", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "jitter=0.1"},
    {"708", "a line on which 0.1 % of the frames are heard twice", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "duplicate=0.1"},
    {"709", "a line on which 0.1 % of the frames are damaged", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "corrupt=0.1"},
    {"800", "goes over to T.38", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38"},
    {"801", "refuses T.38: the call stays audio", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38", .no_t38 = true},
    {"802", "T.38 without any redundancy, over a way that loses nothing", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 redundancy=0"},
    {"803", "T.38 with parity instead of redundancy, and 2 % of the packets are lost", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 fec_entries=3 loss=2"},
    {"804", "T.38 over a satellite: 600 ms each way", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 delay=600"},
    {"805", "T.38 with bursts of loss, some 3 packets long, one in 100 packets", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 burst_begin=1 burst_end=33"},
    {"806", "T.38, and 5 % of the packets come up to 100 ms late, behind others", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 jitter=5 jitter_by=100"},
    {"807", "T.38, and 5 % of the packets come twice", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 duplicate=5"},
    {"808", "T.38, and 5 % of the packets are damaged", FS_COMPLETED, "",
     .act = ACT_FAX, .line = "transport=t38 corrupt=5"},
    {"9nn", "T.38, and nn % of the packets are lost, both ways", 0, "",
     .act = ACT_FAX, .least = 1, .most = 90, .line = "transport=t38 loss=n"},
};
/* clang-format on */
const size_t test_numbers_count = sizeof test_numbers / sizeof *test_numbers;

static bool code_fits(const char *code, const char *digits, DWORD *n_out) {
  DWORD n = 0;
  for (; *code != '\0'; code++, digits++) {
    if (*digits < '0' || *digits > '9') return false;
    if (*code == 'n')
      n = n * 10 + (DWORD)(*digits - '0');
    else if (*code != *digits)
      return false;
  }
  *n_out = n;
  return *digits == '\0';
}

const struct test_number *test_number_find(const char *number, DWORD *n_out) {
  DWORD n;
  number += *number == '+';
  if (strncmp(number, TEST_PREFIX + 1, PREFIX_LENGTH - 1) != 0) return NULL;
  for (size_t i = 0; i < test_numbers_count; i++) {
    const struct test_number *each = &test_numbers[i];
    if (!code_fits(each->code, number + PREFIX_LENGTH - 1, &n) ||
        n < each->least || n > each->most)
      continue;
    *n_out = n;
    return each;
  }
  return NULL;
}

void test_number_complete(char *number, size_t size) {
  size_t length = strlen(number);
  if (length != PREFIX_LENGTH - 1 + CODE_LENGTH || length + 2 > size ||
      strncmp(number, TEST_PREFIX + 1, PREFIX_LENGTH - 1) != 0)
    return;
  memmove(number + 1, number, length + 1);
  number[0] = '+';
}
