/* SPDX-License-Identifier: MIT
   Records of the library as Lua tables and back, by their descriptions: no
   record is written out by hand here. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lua/binding.h"

const struct fax_record *record_get(struct record_ref *ref) {
  const struct fax_record *record = ref->record;
  if (record == NULL) ref->record = record = FaxRecord(ref->name);
  return record;
}

void list_push(lua_State *L, int size) {
  lua_createtable(L, size, 0); /* -- list */
  if (size > 0) return;
  luaL_getmetatable(L, LIST_TYPE);
  lua_setmetatable(L, -2); /* -- list */
}

/* ---- to Lua ---- */

static void push_seconds(lua_State *L, double seconds) {
  if (seconds == floor(seconds))
    lua_pushinteger(L, (lua_Integer)seconds);
  else
    lua_pushnumber(L, seconds);
}

/* A value without a name is a number; 0 without a name means "none". */
static bool push_enum(lua_State *L, const struct fax_name *names, DWORD value) {
  for (; names != NULL && names->name != NULL; names++) {
    if (names->value == value) {
      lua_pushstring(L, names->name);
      return true;
    }
  }
  if (value == 0 || value == FAX_UNKNOWN) return false;
  lua_pushinteger(L, (lua_Integer)value);
  return true;
}

/* Bits without a name come last, as one number. */
static void push_flags(lua_State *L, const struct fax_name *names,
                       DWORD value) {
  const struct fax_name *empty = NULL;
  DWORD left = value;
  int n = 0;
  list_push(L, value == 0 ? 0 : 4); /* -- list */
  for (; names != NULL && names->name != NULL; names++) {
    if (names->value == 0) empty = names;
    if (names->value == 0 || (left & names->value) != names->value) continue;
    left &= ~names->value;
    lua_pushstring(L, names->name);
    lua_rawseti(L, -2, ++n);
  }
  if (left != 0) {
    lua_pushinteger(L, (lua_Integer)left);
    lua_rawseti(L, -2, ++n);
  }
  if (value == 0 && empty != NULL) {
    lua_pushstring(L, empty->name);
    lua_rawseti(L, -2, 1);
  }
}

static void push_id64(lua_State *L, DWORDLONG value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  lua_pushstring(L, digits);
}

static void push_time_of_day(lua_State *L, const FAX_TIME *time) {
  char text[16];
  snprintf(text, sizeof text, "%02u:%02u", time->Hour, time->Minute);
  lua_pushstring(L, text);
}

static bool is_dword(enum fax_field_kind kind) {
  return kind <= FAX_FIELD_FLAGS || kind == FAX_FIELD_KNOWN_ENUM ||
         kind == FAX_FIELD_KNOWN_FLAGS;
}

/* Pushes the value of a field; false, and nothing pushed: absent. */
static bool push_field(lua_State *L, const struct fax_field *f,
                       const char *item) {
  const char *at = item + f->offset;
  DWORD dword = 0;
  if (is_dword(f->kind)) memcpy(&dword, at, sizeof dword);
  switch (f->kind) {
    case FAX_FIELD_SIZE:
    case FAX_FIELD_HIDDEN:
      return false;
    case FAX_FIELD_KNOWN:
      if (dword == FAX_UNKNOWN) return false;
      lua_pushinteger(L, (lua_Integer)dword);
      return true;
    case FAX_FIELD_DWORD:
      lua_pushinteger(L, (lua_Integer)dword);
      return true;
    case FAX_FIELD_KNOWN_BOOL:
      if (dword == FAX_UNKNOWN) return false;
      lua_pushboolean(L, dword != 0);
      return true;
    case FAX_FIELD_BOOL:
      lua_pushboolean(L, dword != 0);
      return true;
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      return push_enum(L, f->names, dword);
    case FAX_FIELD_KNOWN_FLAGS:
      if (dword == FAX_UNKNOWN) return false;
      push_flags(L, f->names, dword);
      return true;
    case FAX_FIELD_FLAGS:
      push_flags(L, f->names, dword);
      return true;
    case FAX_FIELD_TEXT: {
      const char *text = *(const char *const *)at;
      if (text == NULL) return false;
      lua_pushstring(L, text);
      return true;
    }
    case FAX_FIELD_ID64:
      push_id64(L, *(const DWORDLONG *)at);
      return true;
    case FAX_FIELD_FILETIME: {
      const FILETIME *time = (const FILETIME *)at;
      if (time->dwLowDateTime == 0 && time->dwHighDateTime == 0) return false;
      push_seconds(L, FaxFileTimeToSeconds(*time));
      return true;
    }
    case FAX_FIELD_SYSTEMTIME: {
      const SYSTEMTIME *time = (const SYSTEMTIME *)at;
      if (time->wYear == 0) return false;
      push_seconds(L, FaxSystemTimeToSeconds(time));
      return true;
    }
    case FAX_FIELD_RECORD: /* these are in no record that Lua sees */
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_TEXT_LIST:
    case FAX_FIELD_DWORDS:
    case FAX_FIELD_FILES:
    case FAX_FIELD_BYTES:
    case FAX_FIELD_HANDLE:
      return false;
    case FAX_FIELD_TIME_OF_DAY:
      push_time_of_day(L, (const FAX_TIME *)at);
      return true;
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      memcpy(&dword, at, sizeof dword);
      if (f->kind != FAX_FIELD_MILLISECONDS && dword == FAX_UNKNOWN)
        return false;
      push_seconds(L, dword / 1000.0);
      return true;
    case FAX_FIELD_CHARS:
      if (*at == '\0') return false;
      lua_pushlstring(L, at, strnlen(at, f->count));
      return true;
    case FAX_FIELD_RECORDS:
      memcpy(&dword, item + f->count, sizeof dword);
      record_push_array(L, f->record, *(const void *const *)at, dword);
      return true;
  }
  return false;
}

void record_push(lua_State *L, const struct fax_record *r, const void *item) {
  int fields = 0;
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) fields++;
  luaL_checkstack(L, 6, "records within records");
  lua_createtable(L, 0, fields); /* -- table */
  for (const struct fax_field *f = r->fields; f->name != NULL; f++)
    if (push_field(L, f, item)) lua_setfield(L, -2, f->lua);
}

void record_push_array(lua_State *L, const struct fax_record *r,
                       const void *items, DWORD count) {
  if (items == NULL) count = 0;
  luaL_checkstack(L, 3, "records within records");
  list_push(L, (int)count); /* -- list */
  for (DWORD i = 0; i < count; i++) {
    record_push(L, r, (const char *)items + i * r->size);
    lua_rawseti(L, -2, (int)i + 1);
  }
}

/* ---- from Lua ---- */

/* One name of the list, or a number; the value is at the top. */
static DWORD read_name(lua_State *L, const struct fax_field *f) {
  if (lua_type(L, -1) == LUA_TSTRING) {
    const char *name = lua_tostring(L, -1);
    for (const struct fax_name *n = f->names; n != NULL && n->name != NULL; n++)
      if (strcmp(n->name, name) == 0) return n->value;
    luaL_error(L, "bad field '%s' ('%s' is not one of its names)", f->lua,
               name);
  }
  if (lua_type(L, -1) != LUA_TNUMBER)
    luaL_error(L, "bad field '%s' (a name or a number expected)", f->lua);
  return check_dword(L, lua_gettop(L));
}

static DWORD read_flags(lua_State *L, const struct fax_field *f) {
  DWORD flags = 0;
  size_t count;
  if (!lua_istable(L, -1)) return read_name(L, f);
  count = lua_rawlen(L, -1);
  for (size_t i = 1; i <= count; i++) {
    lua_rawgeti(L, -1, (int)i);
    flags |= read_name(L, f);
    lua_pop(L, 1);
  }
  return flags;
}

static bool two_digits(const char *text, WORD *out) {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return false;
  *out = (WORD)((text[0] - '0') * 10 + text[1] - '0');
  return true;
}

/* "HH:MM", from "00:00" to "23:59"; the value is at the top. */
static void read_time_of_day(lua_State *L, const struct fax_field *f,
                             FAX_TIME *out) {
  size_t length = 0;
  const char *text =
      lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : "";
  FAX_TIME time;
  if (length != 5 || text[2] != ':' || !two_digits(text, &time.Hour) ||
      !two_digits(text + 3, &time.Minute) || time.Hour > 23 || time.Minute > 59)
    luaL_error(L, "bad field '%s' (a time of day \"HH:MM\" expected)", f->lua);
  *out = time;
}

static void read_milliseconds(lua_State *L, const struct fax_field *f,
                              char *at) {
  double ms = lua_isnumber(L, -1) ? lua_tonumber(L, -1) * 1000 : -1;
  DWORD dword;
  if (!(ms >= 0 && ms <= UINT32_MAX))
    luaL_error(L, "bad field '%s' (seconds, 0 to 4294967.295, expected)",
               f->lua);
  dword = (DWORD)(ms + 0.5);
  memcpy(at, &dword, sizeof dword);
}

/* Cut at a whole character where it is too long. */
static void read_chars(lua_State *L, int table, const struct fax_field *f,
                       char *at) {
  const char *text = field_text(L, table, f->lua); /* -- text */
  size_t length = text != NULL ? strlen(text) : 0;
  if (length >= f->count) {
    length = f->count - 1u;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) length--;
  }
  if (text != NULL) {
    memcpy(at, text, length);
    at[length] = '\0';
  }
  lua_pop(L, 1);
}

/* The array is a userdata, its texts are in a table: both stay on the stack. */
static void read_records(lua_State *L, int table, const struct fax_field *f,
                         char *item) {
  char *items;
  int texts, kept = 0;
  DWORD count;
  luaL_checkstack(L, 5, "records within records");
  lua_getfield(L, table, f->lua); /* -- list */
  if (lua_isnil(L, -1)) return;
  if (!lua_istable(L, -1))
    luaL_error(L, "bad field '%s' (a list of tables expected)", f->lua);
  count = (DWORD)lua_rawlen(L, -1);
  if (count == 0) return;
  items = lua_newuserdatauv(L, count * f->record->size, 0);
  memset(items, 0, count * f->record->size);
  lua_newtable(L); /* -- list, items, texts */
  texts = lua_gettop(L);
  for (DWORD i = 0; i < count; i++) {
    lua_rawgeti(L, texts - 2, (int)i + 1);
    if (!lua_istable(L, -1))
      luaL_error(L, "bad field '%s' (a list of tables expected)", f->lua);
    record_read(L, texts + 1, f->record, items + i * f->record->size);
    while (lua_gettop(L) > texts) lua_rawseti(L, texts, ++kept);
  }
  memcpy(item + f->offset, &items, sizeof items);
  memcpy(item + f->count, &count, sizeof count);
}

static void read_field(lua_State *L, int table, const struct fax_field *f,
                       char *item) {
  char *at = item + f->offset;
  DWORD dword;
  switch (f->kind) {
    case FAX_FIELD_SIZE:
    case FAX_FIELD_RECORD:
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_TEXT_LIST:
    case FAX_FIELD_DWORDS:
    case FAX_FIELD_FILES:
    case FAX_FIELD_BYTES:
    case FAX_FIELD_HANDLE:
    case FAX_FIELD_HIDDEN:
    case FAX_FIELD_ID64:
    case FAX_FIELD_FILETIME:
      return;
    case FAX_FIELD_KNOWN:
    case FAX_FIELD_DWORD:
      memcpy(&dword, at, sizeof dword);
      dword = field_dword(L, table, f->lua, dword);
      memcpy(at, &dword, sizeof dword);
      return;
    case FAX_FIELD_KNOWN_BOOL:
    case FAX_FIELD_BOOL:
      memcpy(&dword, at, sizeof dword);
      dword = (DWORD)field_bool(L, table, f->lua, (BOOL)dword);
      memcpy(at, &dword, sizeof dword);
      return;
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      lua_getfield(L, table, f->lua); /* -- value */
      if (!lua_isnil(L, -1)) {
        bool one = f->kind == FAX_FIELD_ENUM || f->kind == FAX_FIELD_KNOWN_ENUM;
        dword = one ? read_name(L, f) : read_flags(L, f);
        memcpy(at, &dword, sizeof dword);
      }
      lua_pop(L, 1);
      return;
    case FAX_FIELD_TEXT: {
      const char *text = field_text(L, table, f->lua);
      if (text != NULL) memcpy(at, &text, sizeof text);
      return;
    }
    case FAX_FIELD_RECORDS:
      read_records(L, table, f, item);
      return;
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      lua_getfield(L, table, f->lua); /* -- seconds */
      if (!lua_isnil(L, -1)) read_milliseconds(L, f, at);
      lua_pop(L, 1);
      return;
    case FAX_FIELD_CHARS:
      read_chars(L, table, f, at);
      return;
    case FAX_FIELD_TIME_OF_DAY:
      lua_getfield(L, table, f->lua); /* -- text */
      if (!lua_isnil(L, -1)) read_time_of_day(L, f, (FAX_TIME *)at);
      lua_pop(L, 1);
      return;
    case FAX_FIELD_SYSTEMTIME:
      lua_getfield(L, table, f->lua); /* -- seconds */
      if (lua_isnumber(L, -1))
        FaxSecondsToSystemTime(lua_tonumber(L, -1), (SYSTEMTIME *)at);
      else if (!lua_isnil(L, -1))
        luaL_error(L, "bad field '%s' (seconds since 1970 expected)", f->lua);
      lua_pop(L, 1);
      return;
  }
}

void record_read(lua_State *L, int table, const struct fax_record *r,
                 void *item) {
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    if (f->kind == FAX_FIELD_SIZE) {
      DWORD size = (DWORD)r->size;
      memcpy((char *)item + f->offset, &size, sizeof size);
    }
    read_field(L, table, f, item);
  }
}

/* ---- the descriptions themselves, for documents and specs ---- */

static void push_names(lua_State *L, const struct fax_name *names) {
  lua_newtable(L); /* -- names */
  for (; names != NULL && names->name != NULL; names++) {
    lua_pushinteger(L, (lua_Integer)names->value);
    lua_setfield(L, -2, names->name);
  }
}

/* records() -> { FAX_PORT_INFO = { device_id = { name=, kind=, names=, record=
 * } } } */
static int record_all(lua_State *L) {
  const struct fax_record *r;
  lua_newtable(L); /* -- all */
  for (DWORD i = 0; (r = FaxRecordAt(i)) != NULL; i++) {
    lua_newtable(L); /* -- all, record */
    for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
      if (f->kind == FAX_FIELD_SIZE || f->kind == FAX_FIELD_HIDDEN) continue;
      lua_newtable(L); /* -- all, record, field */
      lua_pushstring(L, f->name);
      lua_setfield(L, -2, "name");
      lua_pushinteger(L, (lua_Integer)f->kind);
      lua_setfield(L, -2, "kind");
      push_names(L, f->names);
      lua_setfield(L, -2, "names");
      lua_pushstring(L, f->record != NULL ? f->record->name : NULL);
      lua_setfield(L, -2, "record");
      lua_setfield(L, -2, f->lua);
    }
    lua_setfield(L, -2, r->name);
  }
  return 1;
}

void record_open(lua_State *L) {
  luaL_newmetatable(L, LIST_TYPE);
  lua_pop(L, 1);
  lua_pushcfunction(L, record_all);
  lua_setfield(L, -2, "records"); /* -- core */
}
