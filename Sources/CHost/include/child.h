#pragma once
#include <stddef.h>
#include <sys/types.h>

/// Starts `path` in its own session, in the root directory, with `standard[0...2]` as its standard
/// descriptors and no others, an empty signal mask and default signal dispositions, at `nice`.
/// `argv` and `envp` end with NULL. Returns a pid, or -errno.
pid_t sluice_spawn(
    const char *path, char *const argv[], char *const envp[], const int standard[3], int nice);

/// A pipe, close-on-exec at both ends. 0, or -errno.
int sluice_pipe(int ends[2], int flags);

/// A descriptor that becomes readable when the child ends, or -errno.
int sluice_pidfd(pid_t pid);

/// How a child ended: exactly one of the two is not -1.
struct sluice_end {
    int status;
    int signal;
};

/// Reaps the child behind a pidfd. 1: `end` is filled in; 0: it still runs (only without `wait`);
/// or -errno.
int sluice_reap(int pidfd, int wait, struct sluice_end *end);

/// Signals the very process behind a pidfd, never a later one of the same number. 0, or -errno.
int sluice_signal(int pidfd, int number);

/// write(2) that does not raise SIGPIPE, whatever the process does with that signal. -errno.
ssize_t sluice_write_quietly(int descriptor, const void *bytes, size_t count);

/// O_NONBLOCK on. 0, or -errno.
int sluice_nonblocking(int descriptor);
