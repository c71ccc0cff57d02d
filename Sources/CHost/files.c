#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int sluice_open_beneath(int directory, const char *path, int flags) {
    struct open_how how = {
        .flags = (unsigned long long)(flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    long opened;
    do {
        opened = syscall(SYS_openat2, directory, path, &how, sizeof how);
    } while (opened < 0 && (errno == EINTR || errno == EAGAIN));
    return opened < 0 ? -errno : (int)opened;
}

int sluice_openat(int directory, const char *path, int flags, unsigned mode) {
    int opened;
    do {
        opened = openat(directory, path, flags | O_CLOEXEC, (mode_t)mode);
    } while (opened < 0 && errno == EINTR);
    return opened < 0 ? -errno : opened;
}

int sluice_lock(int descriptor) {
    return flock(descriptor, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
}

long sluice_filesystem_type(const char *path) {
    struct statfs about;
    return statfs(path, &about) < 0 ? -errno : (long)about.f_type;
}
