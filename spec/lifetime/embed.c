/* SPDX-License-Identifier: MIT
   A program with Lua in it, for spec/lifetime_spec.lua:
     embed repeat N SCRIPT ARG...   N states, one after the other, closed when
                                    the script has returned
     embed threads N OWNER SCRIPT ARG...
                                    a state runs OWNER; N threads with a state
                                    each run SCRIPT; then the first is closed
     embed pull N OWNER SCRIPT ARG...
                                    the same, but the first is closed while the
                                    threads wait, once all of them have called
                                    ready()
   Prints what a script that fails says, and whether threads or descriptors were
   left behind. */
#include <dirent.h>
#include <lauxlib.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct program {
  int count;
  const char *script;
  char **args;
  int arg_count;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int ready;
  int failed;
};

static struct program program = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                 .changed = PTHREAD_COND_INITIALIZER};

static int entries(const char *path) {
  DIR *folder = opendir(path);
  int n = 0;
  if (folder == NULL) return -1;
  while (readdir(folder) != NULL) n++;
  closedir(folder);
  return n;
}

static void add(int *counter) {
  pthread_mutex_lock(&program.lock);
  (*counter)++;
  pthread_cond_broadcast(&program.changed);
  pthread_mutex_unlock(&program.lock);
}

static int ready(lua_State *L) {
  (void)L;
  add(&program.ready);
  return 0;
}

static void wait_for_all(void) {
  pthread_mutex_lock(&program.lock);
  while (program.ready + program.failed < program.count)
    pthread_cond_wait(&program.changed, &program.lock);
  pthread_mutex_unlock(&program.lock);
}

/* A state that has run the script, or has said why not. */
static lua_State *run(const char *script) {
  lua_State *L = luaL_newstate();
  if (L == NULL) abort();
  luaL_openlibs(L);
  lua_createtable(L, program.arg_count, 0);
  for (int i = 0; i < program.arg_count; i++) {
    lua_pushstring(L, program.args[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setglobal(L, "arg");
  lua_register(L, "ready", ready);
  if (luaL_loadfile(L, script) != 0 || lua_pcall(L, 0, 0, 0) != 0) {
    printf("%s: %s\n", script, lua_tostring(L, -1));
    fflush(stdout);
    add(&program.failed);
  }
  return L;
}

static void *work(void *unused) {
  (void)unused;
  lua_close(run(program.script));
  return NULL;
}

static void repeat(void) {
  for (int i = 0; i < program.count && program.failed == 0; i++)
    lua_close(run(program.script));
}

static void in_threads(const char *owner, int pull) {
  lua_State *L = run(owner);
  pthread_t *threads = calloc((size_t)program.count, sizeof *threads);
  if (threads == NULL) abort();
  for (int i = 0; i < program.count; i++)
    if (pthread_create(&threads[i], NULL, work, NULL) != 0) abort();
  if (pull) {
    wait_for_all();
    lua_close(L);
  }
  for (int i = 0; i < program.count; i++) pthread_join(threads[i], NULL);
  if (!pull) lua_close(L);
  free(threads);
}

/* A sanitizer starts a thread of its own with the first one of the program. */
static void *nothing(void *unused) {
  return unused;
}

static void start_first_thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, nothing, NULL) != 0) abort();
  pthread_join(thread, NULL);
}

static int left_behind(const char *path, int before) {
  int now = entries(path);
  if (now == before) return 0;
  printf("%s: %d entries before, %d after\n", path, before, now);
  return 1;
}

int main(int argc, char **argv) {
  int alone = argc > 1 && strcmp(argv[1], "repeat") == 0;
  int first = alone ? 3 : 4;
  if (argc <= first) {
    puts(
        "usage: embed repeat N SCRIPT ARG... | threads|pull N OWNER SCRIPT "
        "ARG...");
    return 2;
  }
  program.count = atoi(argv[2]);
  program.script = argv[first];
  program.args = argv + first + 1;
  program.arg_count = argc - first - 1;
  start_first_thread();
  int threads = entries("/proc/self/task"), files = entries("/proc/self/fd");
  if (alone)
    repeat();
  else
    in_threads(argv[3], strcmp(argv[1], "pull") == 0);
  /* The program lives on. */
  int left = left_behind("/proc/self/task", threads) +
             left_behind("/proc/self/fd", files);
  if (program.failed != 0 || left != 0) return 1;
  puts("clean");
  return 0;
}
