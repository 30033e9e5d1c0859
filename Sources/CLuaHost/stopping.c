// Ending a script that does not end by itself: time limit, Ctrl-C, os.exit.
//
// A count hook costs a factor of two while it is set, so none is. It is armed when the script is to stop, on the
// coroutine that runs at that moment and on the script's own thread (lua_sethook walks the call list), and stays armed,
// so that no pcall, `__close` or resume can swallow the error.
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"

static _Thread_local luahost *volatile running;
static luahost *volatile interrupted_host;
static struct sigaction previous_interrupt;
static pthread_once_t install_once = PTHREAD_ONCE_INIT;

luahost *luahost_running(void) { return running; }
bool luahost_is_stopping(const luahost *host) { return host->stop != STOP_NONE; }

int raise_stop(lua_State *L) {
  luahost *host = host_of(L);
  if (host->stop == STOP_EXIT) {
    lua_pushlightuserdata(L, host);
    return lua_error(L);
  }
  host->relaxed = true;
  push_position(L, 0);
  if (host->stop == STOP_TIME) lua_pushfstring(L, "time limit of %f s exceeded", host->options.time_limit);
  else lua_pushliteral(L, "interrupted");
  lua_concat(L, 2);
  host->relaxed = false;
  return lua_error(L);
}

static void stop_hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (host_of(L)->stop == STOP_NONE) lua_sethook(L, NULL, 0, 0);  // armed in an earlier run
  else raise_stop(L);
}

void arm(lua_State *L) {
  lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/// On the script's thread, sent there by whoever wants it to stop.
static void on_stop_signal(int signal) {
  (void)signal;
  const int saved = errno;
  luahost *host = running;
  if (host != NULL && host->stop != STOP_NONE && host->current != NULL) arm(host->current);
  errno = saved;
}

static void install_stop_signal(void) {
  // SIGURG is ignored unless handled, so nobody else is disturbed by it. No SA_RESTART: a blocked read should end.
  struct sigaction action = {.sa_handler = on_stop_signal};
  sigemptyset(&action.sa_mask);
  sigaction(SIGURG, &action, NULL);
}

static void stop_with(luahost *host, int reason) {
  if (host->stop == STOP_NONE || reason == STOP_INTERRUPT) host->stop = reason;
  if (host->depth > 0) pthread_kill(host->thread, SIGURG);
}

void luahost_stop(luahost *host) { stop_with(host, STOP_INTERRUPT); }

void luahost_defer_interrupt(luahost *host, bool defer) {
  host->defers_interrupt = defer;
  if (!defer && host->interrupt_requested) stop_with(host, STOP_INTERRUPT);
}

bool luahost_interrupt_requested(const luahost *host) { return host->interrupt_requested; }

void luahost_exit(luahost *host, int32_t code) {
  if (host->stop != STOP_NONE) return;
  host->exit_code = code & 255;
  host->stop = STOP_EXIT;
  if (host->current != NULL) arm(host->current);
}

static void on_interrupt(int signal) {
  luahost *host = interrupted_host;
  if (host == NULL) return;
  if (host->stop == STOP_INTERRUPT) _exit(128 + signal);
  if (host->defers_interrupt && !host->interrupt_requested) {
    host->interrupt_requested = 1;
    return;
  }
  const int saved = errno;
  stop_with(host, STOP_INTERRUPT);
  errno = saved;
}

bool luahost_handle_interrupts(luahost *host) {
  if (interrupted_host == host) return true;
  if (interrupted_host != NULL) return false;
  interrupted_host = host;
  struct sigaction action = {.sa_handler = on_interrupt};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &previous_interrupt);
  signal(SIGPIPE, SIG_DFL);  // `contrast-lua … | head` ends quietly
  return true;
}

void forget_interrupts(luahost *host) {
  if (interrupted_host != host) return;
  sigaction(SIGINT, &previous_interrupt, NULL);
  interrupted_host = NULL;
}

// ---- Time limit ------------------------------------------------------------------------------------------------

static struct timespec after(double seconds) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  const double whole = floor(seconds);
  t.tv_sec += (time_t)whole;
  t.tv_nsec += (long)((seconds - whole) * 1e9);
  if (t.tv_nsec >= 1000000000) { t.tv_nsec -= 1000000000; t.tv_sec += 1; }
  return t;
}

/// Waits until the run is done or the time is over; true when it is over.
static bool wait_over(watchdog *dog, double seconds) {
  const struct timespec end = after(seconds);
  int status = 0;
  while (!dog->done && status != ETIMEDOUT) status = pthread_cond_timedwait(&dog->wake, &dog->lock, &end);
  return !dog->done;
}

static void *watch(void *context) {
  luahost *host = context;
  watchdog *dog = &host->watchdog;
  pthread_mutex_lock(&dog->lock);
  bool over = wait_over(dog, dog->limit);
  if (over) {
    stop_with(host, STOP_TIME);
    if (dog->grace > 0 && wait_over(dog, dog->grace)) {
      static const char message[] = "the script did not stop after its time limit: ending the process\n";
      if (write(STDERR_FILENO, message, sizeof message - 1) < 0) { /* nowhere left to say it */ }
      _exit(124);
    }
  }
  pthread_mutex_unlock(&dog->lock);
  return NULL;
}

void start_watchdog(luahost *host, double limit, double grace) {
  watchdog *dog = &host->watchdog;
  if (dog->running || limit <= 0) return;
  pthread_mutex_init(&dog->lock, NULL);
  pthread_cond_init(&dog->wake, NULL);
  dog->done = false;
  dog->limit = limit;
  dog->grace = grace;
  // The watching thread takes no signals: they belong to the program.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  dog->running = pthread_create(&dog->thread, NULL, watch, host) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void stop_watchdog(luahost *host) {
  watchdog *dog = &host->watchdog;
  if (!dog->running) return;
  pthread_mutex_lock(&dog->lock);
  dog->done = true;
  pthread_cond_signal(&dog->wake);
  pthread_mutex_unlock(&dog->lock);
  pthread_join(dog->thread, NULL);
  pthread_mutex_destroy(&dog->lock);
  pthread_cond_destroy(&dog->wake);
  dog->running = false;
}

void enter_run(luahost *host, luahost **outer) {
  pthread_once(&install_once, install_stop_signal);
  *outer = running;
  host->thread = pthread_self();
  running = host;
  if (host->depth++ > 0) return;
  host->stop = STOP_NONE;
  host->defers_interrupt = host->interrupt_requested = 0;
  host->exit_code = 0;
  // Worker threads of libdispatch block every signal.
  sigset_t stop_signal;
  sigemptyset(&stop_signal);
  sigaddset(&stop_signal, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &stop_signal, &host->signals_before);
  start_watchdog(host, host->options.time_limit, host->options.grace);
}

void leave_run(luahost *host, luahost *outer) {
  running = outer;
  if (--host->depth > 0) return;
  stop_watchdog(host);
  end_scopes(host);
  pthread_sigmask(SIG_SETMASK, &host->signals_before, NULL);
  if (host->main != NULL && !host->closed && host->stop != STOP_NONE) lua_sethook(host->main, NULL, 0, 0);
}

/// `os.exit(code)`: unwinds the script, so that everything open is closed; the state is closed in any case.
int os_exit(lua_State *L) {
  luahost *host = host_of(L);
  int code = 0;
  if (lua_isboolean(L, 1)) code = lua_toboolean(L, 1) ? 0 : 1;
  else code = (int)(luaL_optinteger(L, 1, 0) & 255);
  if (host->stop == STOP_NONE) { host->exit_code = code; host->stop = STOP_EXIT; }
  arm(L);
  return raise_stop(L);
}
