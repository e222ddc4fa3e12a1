/* SPDX-License-Identifier: MIT
   The shared objects that FSPs are loaded from. One serves one FSP at a time:
   its static data is there once, whatever it is called by. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "provider/fsp/fsp.h"

struct module {
  struct list link;
  void *loaded;
  char *user; /* the FSP's name */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct list modules = {&modules, &modules};

/* ---- paths ---- */

/* The dynamic linker takes a path that it has seen before for the same file,
   though another may lie there now: the same path, spelled as never before.
   Gives it. */
static char *spell_anew(const char *path) {
  static atomic_uint spelled;
  char dots[3 * 32 + 1] = "";
  const char *file = strrchr(path, '/') + 1;

  for (unsigned n = atomic_fetch_add(&spelled, 1) + 1; n != 0; n >>= 1)
    strcat(dots, n & 1 ? ".//" : "./");
  return mem_format("%.*s%s%s", (int)(file - path), path, dots, file);
}

/* An FSP need not be linked to libfax: it finds the functions of the one that
   loads it, also where a host such as a Lua binding keeps that to itself. Fails
   harmlessly where libfax is part of the program. */
static void lend_functions(void) {
  Dl_info here;
  if (dladdr((void *)(ULONG_PTR)module_open, &here) != 0)
    dlopen(here.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

/* A file that is loaded already is found by its inode, however it is spelled.
 */
static DWORD load(struct module *m, const char *path) {
  void *before = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  char *fresh = before != NULL ? spell_anew(path) : NULL;
  DWORD code = ERROR_SUCCESS;

  lend_functions();
  if (before != NULL && fresh == NULL)
    code = ERROR_NOT_ENOUGH_MEMORY;
  else
    m->loaded = dlopen(fresh != NULL ? fresh : path, RTLD_NOW | RTLD_LOCAL);
  if (code == ERROR_SUCCESS && m->loaded == NULL)
    code = error_say(ERROR_MOD_NOT_FOUND, "%s: %s", m->user, dlerror());
  if (before != NULL) dlclose(before);
  mem_free(fresh);
  return code;
}

/* ---- who uses which ---- */

/* False: `m` has the name of its user instead. */
static bool claim(struct module *m, char **user_out) {
  bool free = true;

  pthread_mutex_lock(&lock);
  list_each(link, &modules) {
    const struct module *other = list_entry(link, struct module, link);
    if (other->loaded != m->loaded) continue;
    *user_out = mem_text(other->user);
    free = false;
  }
  if (free) list_append(&modules, &m->link);
  pthread_mutex_unlock(&lock);
  return free;
}

static DWORD module_free(struct module *m, DWORD code) {
  mem_free(m->user);
  mem_free(m);
  return code;
}

static DWORD take(struct module *m, const char *path) {
  char *user = NULL;
  DWORD code = load(m, path);

  if (code != ERROR_SUCCESS) return code;
  if (claim(m, &user)) return ERROR_SUCCESS;
  dlclose(m->loaded);
  error_note("%s: %s is in use already, by the provider %s", m->user, path,
             user != NULL ? user : "?");
  mem_free(user);
  return ERROR_BUSY;
}

DWORD module_open(const char *path, const char *user, void **module_out) {
  struct module *m = mem_alloc(sizeof *m);
  DWORD code;

  if (m == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&m->link);
  m->user = mem_text(user);
  if (m->user == NULL) return module_free(m, ERROR_NOT_ENOUGH_MEMORY);
  code = take(m, path);
  if (code != ERROR_SUCCESS) return module_free(m, code);
  *module_out = m->loaded;
  return ERROR_SUCCESS;
}

/* It is in use until it has gone: what is loaded anew has its data anew. */
void module_close(void *module) {
  struct module *found = NULL;

  dlclose(module);
  pthread_mutex_lock(&lock);
  list_each_safe(link, &modules) {
    struct module *m = list_entry(link, struct module, link);
    if (m->loaded != module) continue;
    list_remove(&m->link);
    found = m;
  }
  pthread_mutex_unlock(&lock);
  module_free(found, ERROR_SUCCESS);
}
