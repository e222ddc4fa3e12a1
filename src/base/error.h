/* SPDX-License-Identifier: MIT
   Errors inside libfax are ERROR_* codes that functions return. The sentence
   for a person travels beside them, per thread: whoever finds the error says
   what, why and which, once; the API hands both to the caller. */
#ifndef FAX_BASE_ERROR_H
#define FAX_BASE_ERROR_H

#include <fax/faxerr.h>

/* Sets the thread's sentence and is `code`: return error_say(...). A macro, so
   that compilers and analysers see that the code is not 0. */
#define error_say(code, ...) (error_note(__VA_ARGS__), (DWORD)(code))
void error_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The code for an errno value. */
DWORD error_from_errno(int number);
/* error_say with the errno's own text behind "what: ". */
DWORD error_errno(int number, const char *what, ...)
    __attribute__((format(printf, 2, 3)));

void error_clear(void);
const char *error_message(void); /* "" when there is none */

#endif
