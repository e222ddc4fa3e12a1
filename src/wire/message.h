/* SPDX-License-Identifier: MIT
   Messages between processes: one JSON object a line, of bounded length and
   depth; raw bytes may follow it (docs/protocol.md, docs/host-protocol.md).
   Knows no socket. What comes in is foreign. */
#ifndef FAX_WIRE_MESSAGE_H
#define FAX_WIRE_MESSAGE_H

#include <fax/faxerr.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
  MESSAGE_LENGTH = 1 << 20, /* bytes of a line, with its end */
  MESSAGE_DEPTH = 16        /* objects and arrays within each other */
};

/* Bytes that came and are no whole line yet. All zero: none. */
struct message_in {
  char *bytes;
  size_t length, room;
  size_t taken; /* of them, by message_take */
};

struct message {
  json_t *whole;      /* an object; owns the rest */
  const char *method; /* borrowed; NULL: it is an answer, or none */
  json_t *params;     /* an object, or NULL; borrowed */
};

/* Appends what has come. ERROR_NOT_ENOUGH_MEMORY. */
DWORD message_feed(struct message_in *in, const char *bytes, size_t length);
/* Takes the next message (message_free). ERROR_NOT_FOUND: there is no whole
   line; ERROR_INVALID_DATA: what is there is no message. */
DWORD message_take(struct message_in *in, struct message *message_out);
/* The same; what has no method or no params is ERROR_INVALID_DATA too. */
DWORD message_take_call(struct message_in *in, struct message *message_out);
void message_free(struct message *message);
/* Up to `most` of the raw bytes that have come, into `to`; how many. */
size_t message_raw(struct message_in *in, char *to, size_t most);
void message_in_free(struct message_in *in);

/* Bytes to be sent. All zero: none. */
struct message_out {
  char *bytes;
  size_t length, room;
  size_t sent; /* of them */
};

/* Appends a message; takes the params, NULL is no memory for them.
   ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_DATA (a text that is not UTF-8, a line
   that is too long): nothing was appended. */
DWORD message_put(struct message_out *out, const char *method, json_t *params);
/* The same of a message that is whole; borrows it. */
DWORD message_put_whole(struct message_out *out, const json_t *whole);
/* A line put together of parts: message_begin gives what message_end wants, and
   message_cancel, which takes away what was appended since. The parts say 0, or
   not 0: no memory. */
size_t message_begin(struct message_out *out);
int message_add_text(struct message_out *out, const char *json);
int message_add_bytes(struct message_out *out, const char *json, size_t length);
int message_add_value(struct message_out *out, const json_t *value);
int message_add_number(struct message_out *out, const char *name,
                       json_int_t n); /* `,"name":n` */
/* As message_put_whole, when nothing `failed`. */
DWORD message_end(struct message_out *out, size_t begin, int failed);
void message_cancel(struct message_out *out, size_t begin);
/* Raw bytes, of any number. ERROR_NOT_ENOUGH_MEMORY. */
DWORD message_put_raw(struct message_out *out, const void *bytes,
                      size_t length);
/* So many bytes more were sent. */
void message_sent(struct message_out *out, size_t bytes);
void message_out_free(struct message_out *out);

/* A whole number from 0 to `most`; `otherwise` when there is none. False: it is
   something else. */
bool message_number(const json_t *params, const char *key, json_int_t most,
                    json_int_t otherwise, json_int_t *out);
/* A text without a NUL, or NULL; borrowed. */
const char *message_text(const json_t *params, const char *key);

#endif
