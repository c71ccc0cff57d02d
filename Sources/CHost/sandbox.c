#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int sluice_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0; }

int sluice_no_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

static int lower(int resource, uint64_t value) {
    struct rlimit now;
    if (getrlimit(resource, &now) < 0) return -errno;
    rlim_t most = now.rlim_max < value ? now.rlim_max : (rlim_t)value;
    struct rlimit wanted = {.rlim_cur = most, .rlim_max = most};
    return setrlimit(resource, &wanted) < 0 ? -errno : 0;
}

int sluice_limit(const struct sluice_limits *limits) {
    int failed = lower(RLIMIT_DATA, limits->memory);
    if (!failed) failed = lower(RLIMIT_AS, limits->address_space);
    if (!failed) failed = lower(RLIMIT_FSIZE, limits->file_size);
    if (!failed) failed = lower(RLIMIT_NOFILE, limits->descriptors);
    if (!failed) failed = lower(RLIMIT_CORE, 0);
    return failed;
}

// Landlock. The header of the build machine may be older than the kernel that runs this, so what
// came after ABI 2 is spelled out: see the kernel's userspace-api/landlock.
#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define TRUNCATE (1ULL << 14)     // ABI 3
#define DEVICE_IOCTL (1ULL << 15) // ABI 5

struct ruleset {
    uint64_t files;
    uint64_t network; // ABI 4: TCP bind, connect
    uint64_t scoped;  // ABI 6: abstract sockets, signals
};

static struct ruleset everything(int abi, size_t *size) {
    struct ruleset rules = {.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    *size = sizeof rules.files;
    if (abi >= 2) rules.files |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3) rules.files |= TRUNCATE;
    if (abi >= 5) rules.files |= DEVICE_IOCTL;
    if (abi >= 4) {
        rules.network = 3;
        *size = sizeof rules.files + sizeof rules.network;
    }
    if (abi >= 6) {
        rules.scoped = 3;
        *size = sizeof rules;
    }
    return rules;
}

static int allow(int ruleset, const char *path, uint64_t access) {
    int opened = open(path, O_PATH | O_CLOEXEC);
    if (opened < 0) return -errno;
    struct stat about;
    // Rights that only make sense for directories are refused on a file.
    if (fstat(opened, &about) == 0 && !S_ISDIR(about.st_mode))
        access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = opened};
    long failed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int result = failed < 0 ? -errno : 0;
    close(opened);
    return result;
}

static int allow_all(
    int ruleset, const char *const wanted[], const char *const readable[],
    const char *const writable[], uint64_t handled) {
    uint64_t change = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG
        | LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE;
    for (; *wanted; wanted++) {
        int failed = allow(ruleset, *wanted, READ);
        if (failed && failed != -ENOENT) return failed;
    }
    int failed = 0;
    for (; *readable && !failed; readable++) failed = allow(ruleset, *readable, READ);
    for (; *writable && !failed; writable++)
        failed = allow(ruleset, *writable, (READ | change) & handled);
    return failed;
}

int sluice_landlock(
    const char *const wanted[], const char *const readable[], const char *const writable[],
    int most) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 0) return -errno;
    if (abi > most) abi = most;
    if (abi < 1) return -EOPNOTSUPP;
    size_t size;
    struct ruleset rules = everything((int)abi, &size);
    long ruleset = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (ruleset < 0) return -errno;
    int result = allow_all((int)ruleset, wanted, readable, writable, rules.files);
    if (!result && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0) result = -errno;
    close((int)ruleset);
    return result ? result : (int)abi;
}

// What orc does to make its code: one file, mapped once to write and once to run.
static int maps_file(const char *directory) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/code.XXXXXX", directory) >= (int)sizeof path) return 0;
    int file = mkstemp(path);
    if (file < 0) return 0;
    unlink(path);
    int works = 0;
    if (ftruncate(file, 4096) == 0) {
        void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
        works = code != MAP_FAILED;
        if (works) munmap(code, 4096);
    }
    close(file);
    return works;
}

int sluice_can_generate_code(const char *directory) {
    if (directory && maps_file(directory)) return 2;
    void *code = mmap(
        NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) return 0;
    munmap(code, 4096);
    return 1;
}

#ifdef DEBUG
long sluice_call(long number, const long arguments[6]) {
    long answer = syscall(
        number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    return answer < 0 ? -errno : answer;
}
#endif
