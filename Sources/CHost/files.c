#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// systemd's RestrictSUIDSGID= answers openat2 with ENOSYS, because a filter cannot see its mode. Then
// the path is walked name by name: no name may be a link or lead upwards, so none leaves.
int sluice_walk_beneath(int directory, const char *path, int flags) {
    if (*path == '/' || *path == '\0') return *path ? -EXDEV : -ENOENT;
    int at = directory;
    for (;;) {
        size_t length = strcspn(path, "/");
        const char *rest = path + length + strspn(path + length, "/");
        char name[NAME_MAX + 1];
        if (length > NAME_MAX) {
            if (at != directory) close(at);
            return -ENAMETOOLONG;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        int upwards = strcmp(name, "..") == 0;
        int next = -1;
        if (!upwards) {
            int how = *rest ? O_PATH | O_DIRECTORY : path[length] ? flags | O_DIRECTORY : flags;
            do {
                next = openat(at, name, how | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
            } while (next < 0 && errno == EINTR);
        }
        int failure = upwards ? EXDEV : errno;
        struct stat about;
        if (next < 0 && failure == ENOTDIR
            && fstatat(at, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode)) {
            failure = ELOOP;  // as openat2 says it
        }
        if (at != directory) close(at);
        if (next < 0) return -failure;
        if (!*rest) return next;
        at = next;
        path = rest;
    }
}

int sluice_open_beneath(int directory, const char *path, int flags) {
    struct open_how how = {
        .flags = (unsigned long long)(flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    long opened;
    do {
        opened = syscall(SYS_openat2, directory, path, &how, sizeof how);
    } while (opened < 0 && (errno == EINTR || errno == EAGAIN));
    if (opened < 0 && errno == ENOSYS) return sluice_walk_beneath(directory, path, flags);
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

void sluice_write_back(int descriptor, off_t from, off_t count) {
    (void)sync_file_range(descriptor, from, count, SYNC_FILE_RANGE_WRITE);
}
