/* SPDX-License-Identifier: MIT
   What follows a request as raw bytes, or came beside it as descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "ipc/server/own.h"

enum {
  MOST_BYTES = 1 << 20,
  MOST_FILE = 1 << 30,
  PART = 1 << 20,
  CHUNK = 16384,
  MOST_NAME = 1024
};

/* Each part of them has its own time. */
static void took(struct session *s, struct request *r, size_t n) {
  json_int_t before = r->content / PART;
  r->content -= (json_int_t)n;
  if (r->content / PART != before) s->due = 0;
}

DWORD content_next(struct session *s, struct request *r, char *to, size_t most,
                   size_t *got_out) {
  if ((json_int_t)most > r->content) most = (size_t)r->content;
  for (;;) {
    size_t n = message_raw(&s->wire.in, to, most);
    took(s, r, n);
    *got_out = n;
    if (n != 0 || most == 0) return ERROR_SUCCESS;
    DWORD error = session_receive(s);
    if (error != ERROR_SUCCESS) return error;
  }
}

DWORD content_read(struct session *s, struct request *r, BYTE **bytes_out) {
  size_t size = (size_t)r->content, done = 0, n = 0;
  if (size > MOST_BYTES)
    return error_say(ERROR_INVALID_DATA, "%zu bytes: %d may come", size,
                     MOST_BYTES);
  BYTE *bytes = mem_alloc_tagged(size + 1, MEM_BUFFER);
  DWORD error = bytes != NULL
                    ? ERROR_SUCCESS
                    : error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  for (; error == ERROR_SUCCESS && done < size; done += n)
    error = content_next(s, r, (char *)bytes + done, size - done, &n);
  if (error == ERROR_SUCCESS)
    *bytes_out = bytes;
  else
    FaxFreeBuffer(bytes);
  return error;
}

/* ---- files ---- */

/* A file without a name, that only its descriptor keeps. */
static DWORD make_file(int *fd_out) {
  const char *folder = getenv("TMPDIR");
  if (folder == NULL || *folder != '/') folder = "/tmp";
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return error_errno(errno, "a file in %s", folder);
  *fd_out = fd;
  return ERROR_SUCCESS;
}

static DWORD write_all(int fd, const char *bytes, size_t size) {
  while (size != 0) {
    ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(errno, "the document could not be kept");
    bytes += n;
    size -= (size_t)n;
  }
  return ERROR_SUCCESS;
}

static DWORD copy_bytes(struct session *s, struct request *r, int fd) {
  char chunk[CHUNK];
  size_t n;
  DWORD error = ERROR_SUCCESS;
  while (error == ERROR_SUCCESS && r->content > 0) {
    error = content_next(s, r, chunk, sizeof chunk, &n);
    if (error == ERROR_SUCCESS) error = write_all(fd, chunk, n);
  }
  return error;
}

/* The raw bytes become one more file that came with the request. */
static DWORD receive_file(struct session *s, struct request *r) {
  int fd = -1;
  if (r->content > MOST_FILE)
    return error_say(ERROR_INVALID_DATA,
                     "a document of %lld bytes: %d may come",
                     (long long)r->content, MOST_FILE);
  if (r->file_count == WIRE_DESCRIPTORS)
    return error_say(ERROR_INVALID_DATA, "too many files");
  DWORD error = make_file(&fd);
  if (error != ERROR_SUCCESS) return error;
  r->files[r->file_count++] = fd;
  return copy_bytes(s, r, fd);
}

/* Each of the names in turn gets the next of the files. */
static DWORD place_files(struct request *r, json_t *names, unsigned *used) {
  if (names != NULL && !json_is_array(names))
    return error_say(ERROR_INVALID_DATA, "`files` is an array of names");
  for (size_t i = 0; i < json_array_size(names); i++) {
    char path[MOST_NAME];
    const char *name = json_string_value(json_array_get(names, i));
    if (*used == r->file_count)
      return error_say(ERROR_INVALID_DATA,
                       "`files` has more names than files came");
    if (name == NULL || strlen(name) > MOST_NAME - 32)
      return error_say(ERROR_INVALID_DATA,
                       "`files` is an array of names of %d bytes at most",
                       MOST_NAME - 32);
    snprintf(path, sizeof path, "/dev/fd/%d/%s", r->files[(*used)++], name);
    if (json_array_set_new(names, i, json_string(path)) != 0)
      return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  return ERROR_SUCCESS;
}

/* A client names no path: the server opens nothing for it. */
static DWORD place(struct request *r, const struct fax_record *record,
                   json_t *params, unsigned *used) {
  DWORD error = ERROR_SUCCESS;
  for (const struct fax_field *f = record->fields;
       error == ERROR_SUCCESS && f->name != NULL; f++) {
    json_t *value = json_object_get(params, f->lua);
    if (f->kind == FAX_FIELD_FILES) error = place_files(r, value, used);
    if (f->kind != FAX_FIELD_RECORDS) continue;
    for (size_t i = 0; error == ERROR_SUCCESS && i < json_array_size(value);
         i++)
      error = place(r, f->record, json_array_get(value, i), used);
  }
  return error;
}

static bool takes_files(const struct fax_record *record) {
  for (const struct fax_field *f = record->fields; f->name != NULL; f++)
    if (f->kind == FAX_FIELD_FILES ||
        (f->kind == FAX_FIELD_RECORDS && takes_files(f->record)))
      return true;
  return false;
}

DWORD content_files(struct session *s, struct request *r,
                    const struct method *m) {
  unsigned used = 0;
  if (m->in == NULL || !takes_files(m->in)) return ERROR_SUCCESS;
  DWORD error = r->content > 0 ? receive_file(s, r) : ERROR_SUCCESS;
  if (error == ERROR_SUCCESS) error = place(r, m->in, r->message.params, &used);
  return error;
}
