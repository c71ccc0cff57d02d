#include "include/memory.h"

#include <malloc.h>

void sluice_keep_memory(void) {
    // Never a mapping of its own for a block, and nothing trimmed by itself.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_ARENA_MAX, 1);
}

void sluice_release_memory(size_t bytes) {
    struct mallinfo2 held = mallinfo2();
    if (held.arena + held.hblkhd > bytes) malloc_trim(0);
}
