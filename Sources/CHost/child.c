#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// waitid(2) knows this idtype since Linux 5.4; older headers do not.
#define SLUICE_P_PIDFD 3

static int prepare(
    posix_spawnattr_t *attributes, posix_spawn_file_actions_t *actions, const int standard[3]) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    // glibc leaves its own two signals and the two that cannot be changed alone.
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
    int failed = posix_spawnattr_setflags(attributes, flags);
    if (!failed) failed = posix_spawnattr_setsigmask(attributes, &none);
    if (!failed) failed = posix_spawnattr_setsigdefault(attributes, &all);
    for (int i = 0; i < 3 && !failed; i++)
        failed = posix_spawn_file_actions_adddup2(actions, standard[i], i);
    if (!failed) failed = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (!failed) failed = posix_spawn_file_actions_addchdir_np(actions, "/");
    return failed;
}

pid_t sluice_spawn(
    const char *path, char *const argv[], char *const envp[], const int standard[3], int nice) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int failed = posix_spawnattr_init(&attributes);
    if (failed) return -failed;
    failed = posix_spawn_file_actions_init(&actions);
    if (failed) {
        posix_spawnattr_destroy(&attributes);
        return -failed;
    }
    pid_t pid = 0;
    failed = prepare(&attributes, &actions, standard);
    if (!failed) failed = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed) return -failed;
    // The spawn attributes know no nice value. Being nice is a wish: a refusal changes nothing.
    if (nice) setpriority(PRIO_PROCESS, (id_t)pid, nice);
    return pid;
}

int sluice_pipe(int ends[2], int flags) {
    return pipe2(ends, flags | O_CLOEXEC) < 0 ? -errno : 0;
}

int sluice_pidfd(pid_t pid) {
    long opened = syscall(SYS_pidfd_open, pid, 0);
    return opened < 0 ? -errno : (int)opened;
}

int sluice_reap(int pidfd, int wait, struct sluice_end *end) {
    siginfo_t about;
    int got;
    do {
        about.si_pid = 0;
        got = waitid((idtype_t)SLUICE_P_PIDFD, (id_t)pidfd, &about, WEXITED | (wait ? 0 : WNOHANG));
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    if (about.si_pid == 0) return 0;
    end->status = about.si_code == CLD_EXITED ? about.si_status : -1;
    end->signal = about.si_code == CLD_EXITED ? -1 : about.si_status;
    return 1;
}

int sluice_signal(int pidfd, int number) {
    return syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0) < 0 ? -errno : 0;
}

ssize_t sluice_write_quietly(int descriptor, const void *bytes, size_t count) {
    sigset_t broken, before, pending;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    ssize_t put = write(descriptor, bytes, count);
    int failed = errno;
    // Our write raised it for this thread: take it before the mask lets it through.
    if (put < 0 && failed == EPIPE && !sigismember(&pending, SIGPIPE)) {
        struct timespec now = {0, 0};
        while (sigtimedwait(&broken, NULL, &now) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return put < 0 ? -failed : put;
}

int sluice_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
    return 0;
}
