#pragma once
#include <stddef.h>

/// Starts `run(context)` on a detached thread with a stack of `stack` bytes. Of `name` the first 15
/// bytes are kept. 0, or -errno: -EAGAIN where there are as many threads as there may be.
int sluice_start_thread(const char *name, size_t stack, void (*run)(void *), void *context);
