// What the C files share. Functions without "never raises" may raise, and are only called with no Swift frame alive.
#ifndef CONTRAST_CLUAHOST_INTERNAL_H
#define CONTRAST_CLUAHOST_INTERNAL_H

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>
#include <pthread.h>
#include <signal.h>
#include "CLuaHost.h"

#if LUA_VERSION_NUM != 504
#error "contrast-lua needs Lua 5.4"
#endif

typedef struct luahost_box luahost_box;

/// What a userdata points to: a Swift object, in the list of the scope it was made in, or of the host.
///
/// Boxes and scopes are C memory, not Lua's: when Lua has no memory left even for calling a finalizer, it frees the
/// userdata without it. Then the object stays in its list, and is released when the scope or the host ends.
struct luahost_box {
  void *object;
  luahost_box *previous, *next;
  const struct luahost_scope *scope;  // whose list it is in; NULL: the host's
  enum luahost_object_state state;
};

/// The objects made while a call of `scope` runs.
typedef struct luahost_scope {
  luahost_box head;
  struct luahost_scope *outer;
  int64_t number;              // no two scopes of a host have the same
} luahost_scope;

struct luahost_class {
  char *name;
  const void *type;
  const void *metatable;       // address of the metatable: what the type check compares
  luahost_class *base;
  int metatable_reference, table_reference, methods_reference, getters_reference, setters_reference;
  luahost_class *next;
};

struct luahost_function {
  void *context;
  int32_t parameters, flags, boxes;
  uint8_t *forms;
  int names_reference;         // { name 1, name 2, …, [name 1] = 1, … }, or LUA_NOREF
  luahost_function *next;
};

enum record_kind {
  RECORD_NIL, RECORD_BOOLEAN, RECORD_INTEGER, RECORD_NUMBER, RECORD_STRING, RECORD_OBJECT, RECORD_REFERENCE,
  RECORD_FUNCTION, RECORD_SCOPE, RECORD_CLASS, RECORD_DECLARATION, RECORD_LIST, RECORD_MAP, RECORD_FAILURE
};
typedef struct record {
  int32_t kind, count;
  union { int64_t integer; double number; size_t offset; luahost_class *class_; const void *pointer; } value;
  void *object;
} record;

enum { STOP_NONE = 0, STOP_TIME = 1, STOP_INTERRUPT = 2, STOP_EXIT = 3 };

typedef struct watchdog {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool running, done, counting;
  double limit, grace;
} watchdog;

struct luahost {
  lua_State *main;
  lua_State *volatile current;     // the coroutine that runs now
  luahost_call *frame;             // the native call that runs now
  luahost_options options;
  luahost_callbacks callbacks;
  void *context;
  _Atomic(int) references;
  // allocator
  size_t memory;
  bool relaxed;                    // the limit is lifted while a message is made
  int64_t fail_at, failures;
  // classes and functions
  lua_CFunction trampoline;        // what every native function is to Lua; here, so that recording need not know it
  luahost_class *classes;
  luahost_function *functions;
  const void **type_keys;          // open addressing: Swift types and metatables to classes
  luahost_class **type_values;
  size_t type_count, type_capacity;
  int declarations_reference;
  int64_t live_objects;
  luahost_scope *scope;            // the innermost
  int64_t scope_count;
  luahost_box boxes;               // head of the list of objects outside of every scope
  luahost_box emptied_boxes;       // head of the list of those without an object whose userdata is still there
  luahost_box *free_boxes;
  // recording
  record *records;
  size_t record_count, record_capacity;
  char *bytes;
  size_t byte_count, byte_capacity;
  // references given back, from any place, until the next call
  int *forgotten;
  size_t forgotten_count, forgotten_capacity;
  // messages
  char *message;
  size_t message_length, message_capacity;
  char *traceback;
  size_t traceback_length, traceback_capacity;
  // collector
  int64_t young_base, full_threshold, collections;
  uint32_t calls;
  // stopping
  volatile sig_atomic_t stop, defers_interrupt, interrupt_requested;
  int exit_code, depth, close_depth;
  pthread_t thread;
  sigset_t signals_before;
  watchdog watchdog;
  bool redirected, closed;
  double last_flush;
};

static inline luahost *host_of(lua_State *L) { return *(luahost **)lua_getextraspace(L); }

// allocator.c
void *host_allocate(void *host, void *block, size_t old_size, size_t new_size);
// boxes.c
luahost_class *class_of_key(const luahost *host, const void *key);       // never raises
luahost_box *box_at(const luahost *host, lua_State *L, int index, luahost_class **class_);  // never raises
luahost_box **push_empty_box(lua_State *L);
void fill_box(lua_State *L, int index, luahost_class *class_, void *object);  // never raises
void empty_box(luahost *host, luahost_box *box, enum luahost_object_state state);  // never raises
int box_close(lua_State *L);
int box_collect(lua_State *L);
void link_box(luahost *host, luahost_scope *scope, luahost_box *box);  // these never raise; NULL: the host's list
void unlink_box(luahost_box *box);
void free_boxes(luahost *host);
// classes.c
bool add_type_key(luahost *host, const void *key, luahost_class *class_);  // never raises
void free_classes(luahost *host);
// scope.c
void end_scopes(luahost *host);  // never raises
void push_scope_function(lua_State *L, bool keep);
// messages.c
int message_handler(lua_State *L);
void keep_message(lua_State *L, luahost *host);
void push_position(lua_State *L, int level);
// references.c
void drain_forgotten(lua_State *L, luahost *host);
// recording.c
void push_function(lua_State *L, luahost *host, luahost_function *function);
bool make_recorded(luahost *host, size_t mark);  // never raises: leaves the value recorded since `mark` on the stack
int play(lua_State *L, luahost *host, size_t from, luahost_call *call);
size_t play_value(lua_State *L, luahost *host, size_t at);
// trampoline.c
int trampoline(lua_State *L);
// pressure.c
void relieve_pressure(lua_State *L, luahost *host);
// stopping.c
int raise_stop(lua_State *L);
void arm(lua_State *L);
void enter_run(luahost *host, luahost **outer);
void leave_run(luahost *host, luahost *outer);
void start_watchdog(luahost *host, double limit, double grace);
void stop_watchdog(luahost *host);
void forget_interrupts(luahost *host);
int os_exit(lua_State *L);
// libraries: each is called with nothing on the stack, while the libraries open
void open_coroutines(lua_State *L);
void open_chunks(lua_State *L, const luahost *host);
void open_strings(lua_State *L);
void open_globals(lua_State *L);
void open_output(lua_State *L);
void open_sandbox(lua_State *L);
void flush_output(luahost *host);

#endif
