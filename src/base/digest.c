/* SPDX-License-Identifier: MIT
   SHA-256, by nettle. */
#include "base/digest.h"

#include <errno.h>
#include <unistd.h>

void digest_begin(struct digest *d) {
  sha256_init(&d->state);
}

void digest_add(struct digest *d, const void *bytes, size_t size) {
  sha256_update(&d->state, size, bytes);
}

void digest_number(struct digest *d, DWORDLONG number) {
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> (8 * i));
  digest_add(d, bytes, sizeof bytes);
}

void digest_end(struct digest *d, char text_out[DIGEST_TEXT]) {
  static const char digits[] = "0123456789abcdef";
  unsigned char bytes[SHA256_DIGEST_SIZE];
  sha256_digest(&d->state, sizeof bytes, bytes);
  for (size_t i = 0; i < sizeof bytes; i++) {
    text_out[2 * i] = digits[bytes[i] >> 4];
    text_out[2 * i + 1] = digits[bytes[i] & 15];
  }
  text_out[2 * sizeof bytes] = '\0';
}

bool digest_file(struct digest *d, int fd) {
  char buffer[65536];
  for (;;) {
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n == 0) return true;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    digest_add(d, buffer, (size_t)n);
  }
}
