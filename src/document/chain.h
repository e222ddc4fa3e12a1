/* SPDX-License-Identifier: MIT
   The chain of directories of a TIFF, walked before a TIFF library sees the
   file. Private to the room. */
#ifndef FAX_DOCUMENT_CHAIN_H
#define FAX_DOCUMENT_CHAIN_H

#include <fax/faxerr.h>
#include <stdbool.h>

/* No fax has more pages. */
#define DOCUMENT_MAX_PAGES 10000

struct chain_info {
  DWORD pages; /* 0: a BigTIFF, which is not walked */
  bool fax;    /* all of them bilevel, in strips, raw or in a fax coding */
};

/* Walks the directories of the open file, `name` (borrowed) being its name for
   messages. ERROR_INVALID_DATA: not a TIFF, cyclic, cut off, too many pages. */
DWORD chain_walk(int fd, const char *name, struct chain_info *info_out);

/* "/dev/fd/7" and "/dev/fd/7/letter.pdf" name a descriptor of this process and
   what is behind it, a file that its own name might not open. */
bool chain_is_descriptor(const char *path);
/* The name of a document for messages: "letter.pdf"; of `path`. */
const char *chain_name(const char *path);

/* Opens a document for reading: a file of its own, not empty. Never waits, and
   never opens a device. ERROR_FILE_NOT_FOUND, ERROR_INVALID_DATA, or the
   error of the system; gives the descriptor. */
DWORD chain_open(const char *path, int *fd_out, DWORDLONG *bytes_out);

/* The file begins as a TIFF does. */
bool chain_is_tiff(int fd);

#endif
