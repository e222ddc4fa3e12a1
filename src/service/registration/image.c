/* SPDX-License-Identifier: MIT
   From the image of a registration to the path of a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "service/registration/registration.h"

#define MOST_PATH 4096

struct path {
  char text[MOST_PATH];
  size_t length;
};

static bool append(struct path *p, const char *text, size_t length) {
  if (length >= sizeof p->text - p->length) return false;
  memcpy(p->text + p->length, text, length);
  p->length += length;
  p->text[p->length] = '\0';
  return true;
}

/* The variable whose %NAME% begins there, and where that ends; NULL: none. */
static const char *variable(const char *at, const char **end_out) {
  char name[256];
  if (*at != '%') return NULL;
  const char *end = strchr(at + 1, '%');
  if (end == NULL || end == at + 1 || (size_t)(end - at) > sizeof name)
    return NULL;
  size_t length = (size_t)(end - at - 1);
  memcpy(name, at + 1, length);
  name[length] = '\0';
  *end_out = end + 1;
  return getenv(name);
}

static bool expand(const char *image, struct path *out) {
  while (*image != '\0') {
    const char *end = image + 1;
    const char *value = variable(image, &end);
    bool fits = value != NULL ? append(out, value, strlen(value))
                              : append(out, image, 1);
    if (!fits) return false;
    image = value != NULL ? end : image + 1;
  }
  return true;
}

DWORD registration_image(const char *image, char **path_out) {
  struct path path = {.length = 0};
  struct stat st;
  if (!expand(image, &path))
    return error_say(ERROR_INVALID_PARAMETER, "%s: the path is too long",
                     image);
  if (path.text[0] != '/')
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: an image needs an absolute path", path.text);
  if (stat(path.text, &st) != 0) return error_errno(errno, "%s", path.text);
  if (!S_ISREG(st.st_mode))
    return error_say(ERROR_FILE_NOT_FOUND, "%s: is not a file", path.text);
  *path_out = mem_text(path.text);
  return *path_out == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
}
