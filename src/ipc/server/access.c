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
#include "base/log.h"
#include "ipc/server/own.h"
#include "service/service.h"

enum { GROUPS = 1024, TEXT = 16384 };

/* ---- the rules ---- */

static bool copy_text(const char *from, const char **to) {
  *to = from != NULL ? mem_text(from) : NULL;
  return from == NULL || *to != NULL;
}

static void rules_destroy(void *object) {
  struct access_rules *r = object;
  for (DWORD i = 0; i < r->count; i++) {
    mem_free((char *)(uintptr_t)r->list[i].user);
    mem_free((char *)(uintptr_t)r->list[i].group);
  }
  mem_free(r->list);
}

static DWORD copy_rules(struct access_rules *r,
                        const struct fax_service_config *c) {
  r->list = mem_alloc((c->access_count + (size_t)1) * sizeof *r->list);
  if (r->list == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < c->access_count; i++) {
    struct fax_access *a = &r->list[r->count++];
    a->rights = c->access[i].rights;
    a->act_for = c->access[i].act_for;
    bool copied = copy_text(c->access[i].user, &a->user);
    if (!copy_text(c->access[i].group, &a->group) || !copied)
      return ERROR_NOT_ENOUGH_MEMORY;
  }
  return ERROR_SUCCESS;
}

DWORD access_rules_new(const struct fax_service_config *c,
                       struct access_rules **rules_out) {
  struct access_rules *r = NULL;
  if (c->access != NULL) {
    r = mem_new(sizeof *r, rules_destroy);
    if (r == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = copy_rules(r, c);
    if (error != ERROR_SUCCESS) {
      mem_unref(r);
      return error;
    }
  }
  *rules_out = r;
  return ERROR_SUCCESS;
}

void server_take_rules(struct server *s, struct access_rules *rules) {
  pthread_mutex_lock(&s->lock);
  struct access_rules *old = s->rules;
  s->rules = rules;
  s->rules_number++;
  server_wake(s);
  pthread_mutex_unlock(&s->lock);
  mem_unref(old);
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

/* ---- the verdict ---- */

struct verdict {
  DWORD rights;
  bool act_for;
};

/* The account of the server could do it all by other means, and so could
   root. */
static struct verdict by_default(const struct server *s, const struct peer *p) {
  bool ours = p->uid == s->owner || p->uid == 0;
  return (struct verdict){ours ? FAX_ALL_ACCESS : 0, ours};
}

static struct verdict by_rules(const struct access_rules *r,
                               const struct peer *p) {
  for (DWORD i = 0; i < r->count; i++)
    if (fits(p, &r->list[i]))
      return (struct verdict){r->list[i].rights, r->list[i].act_for != FALSE};
  return (struct verdict){0, false};
}

/* Looking a group up may take its time: without the lock. What the peer opened
   follows. */
static void judge(struct server *s, struct peer *p) {
  pthread_mutex_lock(&s->lock);
  struct access_rules *rules = mem_ref(s->rules);
  p->judged = s->rules_number;
  pthread_mutex_unlock(&s->lock);
  struct verdict v = rules != NULL ? by_rules(rules, p) : by_default(s, p);
  mem_unref(rules);
  p->own->rights = v.rights;
  p->others->rights = v.act_for ? v.rights : 0;
}

static DWORD no_right(const struct peer *p) {
  return error_say(ERROR_ACCESS_DENIED, "%s: no right on this server", p->user);
}

DWORD peer_read(struct server *s, int fd, struct peer *peer) {
  struct ucred who;
  socklen_t size = sizeof who;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
    return error_errno(errno, "SO_PEERCRED");
  *peer = (struct peer){.pid = who.pid,
                        .uid = who.uid,
                        .gid = who.gid,
                        .user = name_of_user(who.uid),
                        .own = mem_new(sizeof *peer->own, NULL),
                        .others = mem_new(sizeof *peer->others, NULL)};
  if (peer->user == NULL || peer->own == NULL || peer->others == NULL)
    return ERROR_NOT_ENOUGH_MEMORY;
  judge(s, peer);
  return peer->own->rights != 0 ? ERROR_SUCCESS : no_right(peer);
}

/* ---- those who are connected, by other rules ---- */

/* With the lock. Only the listener's thread, which this is, frees sessions. */
static struct session *next_unjudged(const struct server *s) {
  list_each(link, &s->sessions) {
    struct session *one = list_entry(link, struct session, link);
    if (one->peer.judged != s->rules_number) return one;
  }
  return NULL;
}

static void end_without_rights(struct server *s, struct session *one) {
  if (one->peer.own->rights != 0) return;
  no_right(&one->peer);
  log_line(LOG_INIT, FAX_LOG_WARN, "socket", "session %u ends: %s", one->number,
           error_message());
  pthread_mutex_lock(&s->lock);
  session_hang_up(one);
  pthread_mutex_unlock(&s->lock);
}

void peers_judge(struct server *s) {
  for (;;) {
    pthread_mutex_lock(&s->lock);
    struct session *one = next_unjudged(s);
    pthread_mutex_unlock(&s->lock);
    if (one == NULL) return;
    judge(s, &one->peer);
    end_without_rights(s, one);
  }
}
