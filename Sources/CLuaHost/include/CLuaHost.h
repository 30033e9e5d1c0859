// What Swift may see of Lua: calls that never raise.
//
// A Lua error is a longjmp, and a longjmp over a Swift frame leaks its objects, skips its `defer` blocks and leaves
// its locks held. So nothing declared here raises (or it runs protected and returns a status), and lua.h itself stays
// out of reach. A native function reports failure by returning a status; the trampoline in C raises when Swift's frames
// are gone.
#ifndef CONTRAST_CLUAHOST_H
#define CONTRAST_CLUAHOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lua_State lua_State;
typedef struct luahost luahost;
typedef struct luahost_class luahost_class;
typedef struct luahost_function luahost_function;

// ---- Calls from Lua into Swift ------------------------------------------------------------------------------------

enum { LUAHOST_BOXES = 4 };

/// Why a call was refused before the native function ran.
enum luahost_problem {
  LUAHOST_NO_PROBLEM = 0,
  LUAHOST_UNKNOWN_OPTION = 1,   // the key is at `problem_index`
  LUAHOST_GIVEN_TWICE = 2,      // the parameter's position is `problem_index`
  LUAHOST_TOO_MANY = 3          // `count` arguments came
};

typedef struct luahost_call {
  lua_State *state;
  luahost *host;
  const luahost_function *function;
  size_t mark;             // where the results of this call begin in the recording
  int32_t count;           // arguments that came, the object of a method among them
  int32_t problem;
  int32_t problem_index;
  int32_t error_slot;      // stack index where a callback's error object waits to be raised again
  int32_t box_count;       // userdata made before the call, for results that are objects
  int32_t first_box;
} luahost_call;

/// What a native function returns: results are in the recording; the message is in the host; the object is in the slot.
enum luahost_status { LUAHOST_DONE = 0, LUAHOST_FAILED = 1, LUAHOST_RAISE_AGAIN = 2 };

/// The functions Swift lends to the host. None may raise or call back into Lua, but `call`.
typedef struct luahost_callbacks {
  int32_t (*call)(luahost_call *call, void *function);
  void (*release)(void *object);
  /// NULL while standard output is used.
  void (*print)(void *context, const char *bytes, size_t length);
  /// Bytes that native objects hold now; NULL when the host is not told.
  int64_t (*native_bytes)(void);
} luahost_callbacks;

/// How a parameter treats a table: as a list, as named fields, or not at all.
enum luahost_form { LUAHOST_NO_TABLE = 0, LUAHOST_LIST = 1, LUAHOST_RECORD = 2 };

enum luahost_function_flags {
  LUAHOST_NAMED = 1,       // takes a table of named options
  LUAHOST_METHOD = 2,      // the first parameter is the object
  LUAHOST_SKIP_FIRST = 4,  // `__call` of a class table: drop the class
  LUAHOST_LENIENT = 8      // more arguments than declared are no error
};

/// A native function: `names` and `forms` have one entry for each parameter (the object of a method has the name NULL).
luahost_function *luahost_function_create(
  luahost *host, void *context, int32_t parameters, const char *const *names, const uint8_t *forms, int32_t flags,
  int32_t boxes);
void *luahost_function_context(const luahost_function *function);

// ---- The host -----------------------------------------------------------------------------------------------------

typedef struct luahost_options {
  size_t memory_limit;        // bytes Lua itself may hold; 0 = no limit
  double time_limit;          // seconds for one run; 0 = no limit
  double grace;               // seconds after the limit until the process is ended; 0 = never
  bool sandbox;
  const char *program;        // name before error messages and in arg[-1]
  const char *search_path;    // package.path; in the sandbox, folders separated by ';'
} luahost_options;

/// Makes a host with the libraries opened, or returns NULL when memory ran out. `context` is given to `print`.
luahost *luahost_create(const luahost_options *options, const luahost_callbacks *callbacks, void *context);
/// Ends the Lua state (finalizers run); the host itself lives until the last `luahost_release`.
void luahost_close(luahost *host);
void luahost_retain(luahost *host);
void luahost_release(luahost *host);
bool luahost_is_closed(const luahost *host);
void *luahost_context(const luahost *host);
void luahost_set_context(luahost *host, void *context);
/// The host whose script runs on this thread, or NULL.
luahost *luahost_running(void);
lua_State *luahost_current(const luahost *host);
void luahost_set_print(luahost *host, bool redirected);
void luahost_set_native_bytes(luahost *host, int64_t (*read)(void));
/// A full collection, from the thread that runs the script only; false otherwise.
bool luahost_collect(luahost *host);
size_t luahost_memory(const luahost *host);
int64_t luahost_collections(const luahost *host);
int64_t luahost_live_objects(const luahost *host);
/// For tests of memory errors: the n-th allocation from now fails, and so does its retry. 0 ends it.
void luahost_fail_allocation(luahost *host, int64_t n);
int64_t luahost_failures(const luahost *host);

// ---- Classes ------------------------------------------------------------------------------------------------------

enum luahost_member {
  LUAHOST_MEMBER_METHOD, LUAHOST_MEMBER_STATIC, LUAHOST_MEMBER_GETTER, LUAHOST_MEMBER_SETTER, LUAHOST_MEMBER_META,
  LUAHOST_MEMBER_CONSTRUCTOR
};

/// `type` is the address that stands for the Swift class. All three return NULL or false when memory ran out.
luahost_class *luahost_class_create(luahost *host, const char *name, const void *type, luahost_class *base);
bool luahost_class_add(
  luahost *host, luahost_class *class_, enum luahost_member member, const char *name, luahost_function *function,
  const void *declaration);
/// `missing` makes the error for a member that does not exist, given (object, name).
bool luahost_class_finish(luahost *host, luahost_class *class_, luahost_function *missing, const void *declaration);
luahost_class *luahost_class_of_type(const luahost *host, const void *type);
/// Lets objects of `type` be pushed as objects of `class_`.
bool luahost_class_alias(luahost *host, const void *type, luahost_class *class_);
const char *luahost_class_name(const luahost_class *class_);

enum luahost_object_state {
  LUAHOST_OBJECT_OF_TYPE, LUAHOST_OBJECT_OF_OTHER_TYPE, LUAHOST_NOT_AN_OBJECT, LUAHOST_OBJECT_CLOSED,
  LUAHOST_OBJECT_LEFT_SCOPE
};
/// The Swift object at a stack index (borrowed), and whether its class is, or inherits from, the one of `type`.
void *luahost_object(
  const luahost *host, lua_State *state, int32_t index, const void *type, enum luahost_object_state *found);
/// The declared name of the class of the userdata at `index`, or NULL.
const char *luahost_object_class(const luahost *host, lua_State *state, int32_t index);

// ---- Reading values -----------------------------------------------------------------------------------------------

enum luahost_type {
  LUAHOST_NONE = -1, LUAHOST_NIL = 0, LUAHOST_BOOLEAN = 1, LUAHOST_LIGHT = 2, LUAHOST_NUMBER = 3, LUAHOST_STRING = 4,
  LUAHOST_TABLE = 5, LUAHOST_FUNCTION = 6, LUAHOST_USERDATA = 7, LUAHOST_THREAD = 8
};
// Lua's own, as lua.h declares them: none of these raises.
extern int(lua_type)(lua_State *L, int index);
extern const char *(lua_typename)(lua_State *L, int type);
extern int(lua_toboolean)(lua_State *L, int index);
extern int(lua_isinteger)(lua_State *L, int index);
extern double(lua_tonumberx)(lua_State *L, int index, int *isNumber);
extern long long(lua_tointegerx)(lua_State *L, int index, int *isInteger);
extern unsigned long long(lua_rawlen)(lua_State *L, int index);
extern int(lua_rawequal)(lua_State *L, int first, int second);
extern int(lua_gettop)(lua_State *L);
extern int(lua_absindex)(lua_State *L, int index);

/// The bytes of a string (and only of a string: numbers are not converted), or NULL.
const char *luahost_string(lua_State *state, int32_t index, size_t *length);
void luahost_pop(lua_State *state, int32_t count);
bool luahost_push_value(lua_State *state, int32_t index);
/// Pushes `table[position]` or `table[name]` without metamethods; false (nothing pushed) when there is no stack left.
bool luahost_push_item(lua_State *state, int32_t table, int64_t position);
bool luahost_push_field(luahost *host, lua_State *state, int32_t table, const char *name, size_t length);
/// With a key on top: replaces it by the next key and its value, or pops it and returns false. Begin with nil.
bool luahost_next(luahost *host, lua_State *state, int32_t table);
bool luahost_push_nil(lua_State *state);
/// The declaration registered for the function, class or module at `index`, or NULL.
const void *luahost_declaration(luahost *host, lua_State *state, int32_t index);

/// Keeps the value at `index` beyond the call; 0 when memory ran out. `luahost_forget` may be called at any time.
int32_t luahost_reference(luahost *host, lua_State *state, int32_t index);
void luahost_forget(luahost *host, int32_t reference);
bool luahost_push_reference(luahost *host, lua_State *state, int32_t reference);

// ---- Recording values ---------------------------------------------------------------------------------------------
// Results and callback arguments are recorded here, and made in Lua when no Swift frame can be jumped over.

size_t luahost_mark(const luahost *host);
/// Forgets what was recorded since `mark`, and releases the objects in it.
void luahost_rewind(luahost *host, size_t mark);
void luahost_write_nil(luahost *host);
void luahost_write_boolean(luahost *host, bool value);
void luahost_write_integer(luahost *host, int64_t value);
void luahost_write_number(luahost *host, double value);
void luahost_write_string(luahost *host, const char *bytes, size_t length);
/// Takes over one retained reference to `object`.
void luahost_write_object(luahost *host, luahost_class *class_, void *object);
void luahost_write_reference(luahost *host, int32_t reference);
void luahost_write_function(luahost *host, luahost_function *function);
void luahost_write_scope(luahost *host, bool keep);
void luahost_write_class(luahost *host, luahost_class *class_);
/// The value recorded next is registered for `help` under `declaration`.
void luahost_write_declaration(luahost *host, const void *declaration);
/// Followed by `count` values, or by `count` pairs of key and value; `count` may be set afterwards.
size_t luahost_write_list(luahost *host, int32_t count);
size_t luahost_write_map(luahost *host, int32_t count);
void luahost_set_count(luahost *host, size_t table, int32_t count);
/// Making the values raises this message.
void luahost_write_failure(luahost *host, const char *message, size_t length);

// ---- Errors and calls into Lua ------------------------------------------------------------------------------------

void luahost_set_message(luahost *host, const char *bytes, size_t length);
const char *luahost_message(const luahost *host, size_t *length);
const char *luahost_traceback(const luahost *host, size_t *length);

/// Calls what `reference` names with the values recorded since `mark`. On success `results` values are on the stack;
/// otherwise the message is in the host, and the error object in the slot of the running call.
bool luahost_call_reference(luahost *host, int32_t reference, size_t mark, int32_t results);
const luahost_call *luahost_frame(const luahost *host);

/// Makes the one value recorded since `mark` the result of `require name`, or a global variable.
bool luahost_preload(luahost *host, const char *name, size_t mark);
bool luahost_set_global(luahost *host, const char *name, size_t mark);
/// Pushes a global variable without metamethods.
bool luahost_push_global(luahost *host, const char *name);

enum luahost_end {
  LUAHOST_FINISHED, LUAHOST_ERROR, LUAHOST_EXITED, LUAHOST_TIMED_OUT, LUAHOST_INTERRUPTED
};
typedef struct luahost_chunk {
  const char *path;           // a file; NULL with `code` NULL: standard input
  const char *code;
  size_t code_length;
  const char *name;           // what messages call the code
  const char *script;         // arg[0]; NULL leaves `arg` alone
  int32_t argument_count;
  const char *const *arguments;
  int32_t results;            // values left on the stack; -1: as many as there are
} luahost_chunk;
/// Loads and runs a chunk; afterwards message and traceback describe an error, `luahost_exit_code` an `os.exit`.
enum luahost_end luahost_run(luahost *host, const luahost_chunk *chunk);
/// As `luahost_call_reference`, with message handler and limits, for calls from outside any script.
enum luahost_end luahost_run_reference(luahost *host, int32_t reference, size_t mark, int32_t results);
int32_t luahost_exit_code(const luahost *host);

// ---- Stopping -----------------------------------------------------------------------------------------------------

bool luahost_is_stopping(const luahost *host);
void luahost_stop(luahost *host);  // as Ctrl-C does; from any thread
/// While set, the first Ctrl-C is only noted, for a native function that will end the script at a good moment. The second
/// one unwinds the script wherever it is, the third ends the process.
void luahost_defer_interrupt(luahost *host, bool defer);
bool luahost_interrupt_requested(const luahost *host);
/// Ends the running script as `os.exit(code)` does, once the native function that calls this has returned or failed.
void luahost_exit(luahost *host, int32_t code);
/// Ctrl-C ends the script of this host (twice: the process, with 130).
bool luahost_handle_interrupts(luahost *host);

/// Number of edits (insert, delete, replace, swap neighbours) between two short words.
int32_t luahost_distance(const char *first, size_t first_length, const char *second, size_t second_length);

#endif
