/* SPDX-License-Identifier: MIT
   FAX_TRACE in the environment names a file that gets each message that this
   process sends and receives, for whoever debugs a client. Bytes that follow a
   message are in it only by their number, which the message says. */
#ifndef FAX_WIRE_TRACE_H
#define FAX_WIRE_TRACE_H

#include <stddef.h>

/* `way`: '>' it is sent, '<' it came. The line is without its end. */
void trace_line(char way, const char *line, size_t length);

#endif
