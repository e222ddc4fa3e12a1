/* SPDX-License-Identifier: MIT
   Who is at the other end of a socket, and what he may. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "ipc/server/own.h"

enum { GROUPS = 1024, TEXT = 16384 };

/* ---- the rules ---- */

static bool copy_text(const char *from, const char **to) {
  *to = from != NULL ? mem_text(from) : NULL;
  return from == NULL || *to != NULL;
}

DWORD access_copy(struct server *s, const struct fax_service_config *c) {
  if (c->access == NULL) return ERROR_SUCCESS;
  s->access = mem_alloc((c->access_count + 1) * sizeof *s->access);
  if (s->access == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < c->access_count; i++) {
    struct fax_access *a = &s->access[s->access_count++];
    a->rights = c->access[i].rights;
    a->act_for = c->access[i].act_for;
    bool copied = copy_text(c->access[i].user, &a->user);
    if (!copy_text(c->access[i].group, &a->group) || !copied)
      return ERROR_NOT_ENOUGH_MEMORY;
  }
  return ERROR_SUCCESS;
}

void access_free(struct server *s) {
  for (DWORD i = 0; i < s->access_count; i++) {
    mem_free((char *)(uintptr_t)s->access[i].user);
    mem_free((char *)(uintptr_t)s->access[i].group);
  }
  mem_free(s->access);
}

/* ---- the peer ---- */

static char *name_of_user(uid_t uid) {
  struct passwd entry, *found = NULL;
  char *text = mem_alloc(TEXT);
  if (text == NULL) return NULL;
  int failed = getpwuid_r(uid, &entry, text, TEXT, &found);
  char *name = failed == 0 && found != NULL
                   ? mem_text(found->pw_name)
                   : mem_format("%lu", (unsigned long)uid);
  mem_free(text);
  return name;
}

static bool in_list(gid_t wanted, const gid_t *list, int count) {
  for (int i = 0; i < count; i++)
    if (list[i] == wanted) return true;
  return false;
}

/* By the groups of the account, not of the process: a process that keeps a
   group which the account has lost has no more than the account. */
static bool is_member(const struct peer *p, const char *group) {
  struct group entry, *found = NULL;
  char *text = mem_alloc(TEXT);
  gid_t *groups = mem_alloc(GROUPS * sizeof *groups);
  int count = GROUPS;
  bool member = false;
  if (text != NULL && groups != NULL &&
      getgrnam_r(group, &entry, text, TEXT, &found) == 0 && found != NULL &&
      getgrouplist(p->user, p->gid, groups, &count) >= 0)
    member = in_list(found->gr_gid, groups, count);
  mem_free(text);
  mem_free(groups);
  return member;
}

static bool fits(const struct peer *p, const struct fax_access *a) {
  if (a->user != NULL && strcmp(a->user, p->user) != 0) return false;
  return a->group == NULL || is_member(p, a->group);
}

/* The account of the server could do it all by other means, and so could
   root. */
static void by_default(const struct server *s, struct peer *p) {
  bool ours = p->uid == s->owner || p->uid == 0;
  p->rights = ours ? FAX_ALL_ACCESS : 0;
  p->act_for = ours;
}

static void by_rules(const struct server *s, struct peer *p) {
  for (DWORD i = 0; i < s->access_count; i++) {
    if (!fits(p, &s->access[i])) continue;
    p->rights = s->access[i].rights;
    p->act_for = s->access[i].act_for != FALSE;
    return;
  }
}

DWORD peer_read(const struct server *s, int fd, struct peer *peer) {
  struct ucred who;
  socklen_t size = sizeof who;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
    return error_errno(errno, "SO_PEERCRED");
  *peer = (struct peer){.pid = who.pid, .uid = who.uid, .gid = who.gid};
  peer->user = name_of_user(who.uid);
  if (peer->user == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (s->access != NULL)
    by_rules(s, peer);
  else
    by_default(s, peer);
  if (peer->rights != 0) return ERROR_SUCCESS;
  return error_say(ERROR_ACCESS_DENIED, "%s: no right on this server",
                   peer->user);
}
