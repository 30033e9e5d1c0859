// Lua's allocator: counts bytes, holds Lua to its limit, and fails on demand for the tests of memory errors.
#include <stdlib.h>
#include "internal.h"

/// Whether a test asked this allocation to fail. The retry after the emergency collection fails too.
static bool fails_on_purpose(luahost *host) {
  if (host->fail_at == 0) return false;
  host->fail_at -= 1;
  if (host->fail_at > 1) return false;
  host->failures += 1;
  if (host->fail_at <= 0) host->fail_at = 0;
  return true;
}

void *host_allocate(void *context, void *block, size_t old_size, size_t new_size) {
  luahost *host = context;
  if (block == NULL) old_size = 0;  // then it is the kind of object, not a size
  if (new_size == 0) {
    host->memory -= old_size;
    free(block);
    return NULL;
  }
  if (new_size > old_size) {
    const size_t limit = host->options.memory_limit;
    if (limit != 0 && !host->relaxed && host->memory + (new_size - old_size) > limit) return NULL;
    if (fails_on_purpose(host)) return NULL;
  }
  void *moved = realloc(block, new_size);
  // Lua assumes that shrinking succeeds.
  if (moved == NULL && new_size <= old_size) return block;
  if (moved != NULL) host->memory = host->memory - old_size + new_size;
  return moved;
}

void luahost_fail_allocation(luahost *host, int64_t n) {
  host->fail_at = n == 0 ? 0 : n + 1;
  if (n != 0) host->failures = 0;
}

int64_t luahost_failures(const luahost *host) { return host->failures; }

size_t luahost_memory(const luahost *host) { return host->memory; }
