#pragma once
#include <stddef.h>
#include <sys/types.h>

/// Opens `path` below `directory`: no link is followed, nothing outside is reached, a FIFO does not
/// block. Returns a descriptor, or -errno.
int sluice_open_beneath(int directory, const char *path, int flags);

/// What `sluice_open_beneath` does where openat2(2) is not to be had. For its test.
int sluice_walk_beneath(int directory, const char *path, int flags);

/// openat(2) with fixed arguments. Returns a descriptor, or -errno.
int sluice_openat(int directory, const char *path, int flags, unsigned mode);

/// Begins to bring so many bytes of a file to the disk, and does not wait. Of no consequence if it fails.
void sluice_write_back(int descriptor, off_t from, off_t count);

/// flock(2), exclusive, without waiting. 0, or -errno.
int sluice_lock(int descriptor);

/// Type of the file system a path is on (statfs f_type), or -errno.
long sluice_filesystem_type(const char *path);
