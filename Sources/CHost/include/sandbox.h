#pragma once
#include <stdint.h>

// The walls a process builds around itself before it touches foreign bytes. Each can be missing on
// some kernel or forbidden by some unit file: each says so, and the caller decides.

/// No other process of this account may trace us, read our memory or our environment; no core is
/// written. 0, or -errno.
int sluice_undumpable(void);

/// No exec may ever gain rights. 0, or -errno.
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
/// No later ABI than `most` is used. Returns the ABI used, or -errno.
int sluice_landlock(
    const char *const wanted[], const char *const readable[], const char *const writable[],
    int most);

/// From now on only the system calls that are listed there exist, with arguments that reach nobody
/// else: other numbers fail with ENOSYS, other arguments with EPERM. Files are read or made anew;
/// none that was there is changed, renamed or removed, and nothing about it. 0, or -errno.
int sluice_seccomp(void);

/// Whether machine code can be made at run time: 2 through a file in `directory` (may be NULL),
/// 1 through memory both writable and executable, 0 not at all.
int sluice_can_generate_code(const char *directory);

/// Any system call with any arguments, for the test of the walls. Its answer, or -errno. Only debug
/// builds have it.
long sluice_call(long number, const long arguments[6]);
