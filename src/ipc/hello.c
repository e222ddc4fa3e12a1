/* SPDX-License-Identifier: MIT
   See hello.h. */
#include "ipc/hello.h"

#include "model/table/table.h"

#define R struct hello
static const struct fax_field hello[] = {
    LISTED(DWORDS, versions, "versions", version_count),
    FIELD(TEXT, client, "client"),
    FIELD(TEXT_LIST, features, "features"),
    FIELD(TEXT, user, "user"),
    NAMED(KNOWN_FLAGS, rights, "rights", names_rights),
    END};
RECORD(hello_record, hello, hello);
#undef R

#define R struct welcome
static const struct fax_field welcome[] = {
    FIELD(DWORD, version, "version"),
    FIELD(ID64, boot, "boot"),
    FIELD(TEXT, server, "server"),
    FIELD(TEXT_LIST, features, "features"),
    FIELD(TEXT, user, "user"),
    NAMED(FLAGS, rights, "rights", names_rights),
    END};
RECORD(welcome_record, welcome, welcome);
#undef R

#define R struct session_open
static const struct fax_field session_open[] = {
    FIELD(TEXT, user, "user"),
    NAMED(KNOWN_FLAGS, rights, "rights", names_rights), END};
RECORD(session_open_record, session_open, session_open);
#undef R
