#pragma once
#include <stddef.h>

// What a process does with memory it has freed. For one that asks for the same large blocks again and
// again: giving each back to the system and fetching it anew costs a page fault for every 4 KiB.

/// From now on freed memory is kept for the next request, in one heap for all threads.
void sluice_keep_memory(void);

/// Gives what is free back to the system if more than `bytes` are held.
void sluice_release_memory(size_t bytes);
