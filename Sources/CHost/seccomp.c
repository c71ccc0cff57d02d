#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

// Sorted by what they are for. Reading, writing, mapping and threads are all a decoder needs; what
// is not listed is left to Landlock and to the unit file.
static const int denied[] = {
    // Other machines and processes to talk to.
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    SYS_mq_open, SYS_shmget, SYS_semget, SYS_msgget,
    // Other programs.
    SYS_execve, SYS_execveat,
    // Other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_tkill,
    SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_send_signal,
    SYS_pidfd_getfd,
    // Wide doors into the kernel.
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_kexec_load, SYS_fanotify_init, SYS_open_by_handle_at,
    // The world around.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_fsopen,
    SYS_fsconfig, SYS_fsmount, SYS_open_tree, SYS_move_mount, SYS_reboot, SYS_swapon, SYS_acct,
    SYS_settimeofday, SYS_clock_settime, SYS_sethostname, SYS_quotactl,
    // What Landlock does not watch, or not before ABI 3.
    SYS_truncate, SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_utimensat,
#ifdef __x86_64__
    SYS_fork, SYS_vfork, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

enum { listed = sizeof denied / sizeof denied[0] };

#define FIELD(name) (unsigned)offsetof(struct seccomp_data, name)
#define LOAD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(name))
#define EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), yes, no)
#define ANY_BIT(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (unsigned)(bits), yes, no)
#define AND(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (unsigned)(bits))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))

static unsigned add(
    struct sock_filter *program, unsigned at, const struct sock_filter *part, unsigned count) {
    for (unsigned i = 0; i < count; i++) program[at + i] = part[i];
    return at + count;
}

#define ADD(...)                                                                                   \
    do {                                                                                           \
        const struct sock_filter part[] = {__VA_ARGS__};                                           \
        at = add(program, at, part, sizeof part / sizeof part[0]);                                 \
    } while (0)

static unsigned assemble(struct sock_filter *program) {
    unsigned at = 0;
    unsigned self = (unsigned)getpid();
    // A number means another call on another architecture: whoever calls that way is not us.
    ADD(LOAD(arch), EQUAL(ARCHITECTURE, 1, 0), ANSWER(SECCOMP_RET_KILL_PROCESS), LOAD(nr));
#ifdef __x86_64__
    // The x32 numbers.
    ADD(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), ANSWER(SECCOMP_RET_KILL_PROCESS));
#endif
    // Their arguments lie in memory where a filter cannot look; callers fall back on "no such call".
    ADD(EQUAL(SYS_clone3, 1, 0), EQUAL(SYS_openat2, 0, 1), REFUSE(ENOSYS));
    // New threads, no new processes.
    ADD(EQUAL(SYS_clone, 0, 4), LOAD(args[0]), ANY_BIT(CLONE_THREAD, 1, 0), REFUSE(EPERM),
        ANSWER(SECCOMP_RET_ALLOW));
    // Signals to ourselves only: abort(3) needs that.
    ADD(EQUAL(SYS_kill, 1, 0), EQUAL(SYS_tgkill, 0, 4), LOAD(args[0]), EQUAL(self, 1, 0),
        REFUSE(EPERM), ANSWER(SECCOMP_RET_ALLOW));
    // Before ABI 3, Landlock lets a file that is only opened to read be truncated by the open.
    ADD(EQUAL(SYS_openat, 0, 5), LOAD(args[2]), AND(O_TRUNC | O_ACCMODE), EQUAL(O_TRUNC, 0, 1),
        REFUSE(EPERM), ANSWER(SECCOMP_RET_ALLOW));
#ifdef __x86_64__
    ADD(EQUAL(SYS_open, 0, 5), LOAD(args[1]), AND(O_TRUNC | O_ACCMODE), EQUAL(O_TRUNC, 0, 1),
        REFUSE(EPERM), ANSWER(SECCOMP_RET_ALLOW));
#endif
    for (unsigned i = 0; i < listed; i++) ADD(EQUAL(denied[i], 0, 1), REFUSE(EPERM));
    ADD(ANSWER(SECCOMP_RET_ALLOW));
    return at;
}

int sluice_seccomp(void) {
    struct sock_filter program[64 + 2 * listed];
    struct sock_fprog whole = {.len = (unsigned short)assemble(program), .filter = program};
    long failed =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole);
    // A positive answer is a thread that could not be brought under the filter.
    return failed < 0 ? -errno : failed > 0 ? -EBUSY : 0;
}

#else

int sluice_seccomp(void) { return -ENOTSUP; }

#endif
