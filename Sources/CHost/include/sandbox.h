#pragma once
#include <stdint.h>

// The walls a process builds around itself before it touches foreign bytes. Each can be missing on
// some kernel or forbidden by some unit file: each says so, and the caller decides.

/// No exec may ever gain rights, nobody traces us, no core is written. 0, or -errno.
int sluice_no_new_privileges(void);

struct sluice_limits {
    /// Private writable memory, bytes (RLIMIT_DATA).
    uint64_t memory;
    /// Everything mapped, bytes (RLIMIT_AS): room for libraries and the address space they reserve.
    uint64_t address_space;
    /// Largest file written, bytes.
    uint64_t file_size;
    uint64_t descriptors;
};

/// Lowers soft and hard limits; a lower one that is there stays. 0, or -errno.
int sluice_limit(const struct sluice_limits *limits);

/// Files and directories below `readable` may be read, those below `writable` read, written, made
/// and removed; nothing else exists, nothing is executed, no TCP, no foreign socket or signal, as
/// far as the kernel's Landlock knows these. Both lists end with NULL. A path that cannot be opened
/// is an error, except that those in `wanted` (ends with NULL, read only) may be absent.
/// Returns the ABI used, or -errno.
int sluice_landlock(
    const char *const wanted[], const char *const readable[], const char *const writable[]);

/// System calls a decoder has no business with fail with EPERM: sockets, exec, new processes,
/// signals to others, tracing, io_uring, mounts, keys, changing owners and modes. 0, or -errno.
int sluice_seccomp(void);

/// Whether machine code can be made at run time: 2 through a file in `directory` (may be NULL),
/// 1 through memory both writable and executable, 0 not at all.
int sluice_can_generate_code(const char *directory);
