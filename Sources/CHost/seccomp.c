#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

// What may be asked of the kernel, and nothing else: a call that is not listed, also one that this
// kernel has and we have never heard of, does not exist (ENOSYS: libraries know what to do then). The
// list is what a trace of the whole corpus, of every format, of threads, crashes and exhausted memory
// has shown, and what they do on other versions of glibc; behind each, what it is needed for.
//
// Nothing here changes a file that was there before, whatever Landlock can do on this kernel: files
// are opened to read, or made anew.

#define FIELD(name) (unsigned)offsetof(struct seccomp_data, name)
#define LOAD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(name))
#define LOAD_HIGH(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(name) + 4)
#define EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), yes, no)
#define ANY_BIT(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (unsigned)(bits), yes, no)
#define AND(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (unsigned)(bits))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))

enum { longest = 1024 };

struct program {
    unsigned short length;
    struct sock_filter code[longest];
};

static void add(struct program *program, const struct sock_filter *part, unsigned count) {
    for (unsigned i = 0; i < count && program->length < longest; i++)
        program->code[program->length++] = part[i];
}

#define ADD(...)                                                                                   \
    do {                                                                                           \
        const struct sock_filter part[] = {__VA_ARGS__};                                           \
        add(program, part, sizeof part / sizeof part[0]);                                          \
    } while (0)

// Each check ends in an answer. Arguments that the kernel takes as int have only a low half.

static void any(struct program *program) { ADD(ALLOW); }

/// A thread as glibc makes one: never a process, never a namespace.
static void thread(struct program *program) {
    ADD(LOAD(args[0]),
        EQUAL(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM
                  | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
              0, 1),
        ALLOW, REFUSE(EPERM));
}

/// Our own process, by its number.
static void ourselves(struct program *program) {
    ADD(LOAD(args[0]), EQUAL(getpid(), 0, 1), ALLOW, REFUSE(EPERM));
}

/// Our own limits, read and not set.
static void own_limits(struct program *program) {
    ADD(LOAD(args[0]), EQUAL(0, 0, 5), LOAD(args[2]), EQUAL(0, 0, 3), LOAD_HIGH(args[2]),
        EQUAL(0, 0, 1), ALLOW, REFUSE(EPERM));
}

// As the kernel counts them: in glibc's headers it is nothing on machines of 64 bits.
#ifdef __x86_64__
#define LARGE_FILE 0100000
#else
#define LARGE_FILE 0400000
#endif

/// To read, or a file of no special mode that is not there yet. Flags and mode are arguments `at` and
/// the one after it. No O_TRUNC, no O_ASYNC, no access mode 3.
static void open_file(struct program *program, unsigned at) {
    unsigned known = O_ACCMODE | O_CREAT | O_EXCL | O_CLOEXEC | O_NONBLOCK | O_DIRECTORY | O_NOFOLLOW
        | O_NOCTTY | LARGE_FILE;
    unsigned telling = O_ACCMODE | O_CREAT | O_EXCL;
    ADD(LOAD(args[at]), ANY_BIT(~known, 0, 1), REFUSE(EPERM), AND(telling),
        EQUAL(O_RDONLY, 0, 1), ALLOW, EQUAL(O_CREAT | O_EXCL | O_WRONLY, 2, 0),
        EQUAL(O_CREAT | O_EXCL | O_RDWR, 1, 0), REFUSE(EPERM), LOAD(args[at + 1]),
        ANY_BIT(~0666u, 0, 1), REFUSE(EPERM), ALLOW);
}

static void open_at(struct program *program) { open_file(program, 2); }
#ifdef SYS_open
static void open_here(struct program *program) { open_file(program, 1); }
#endif

/// Argument `at`, but for the bits of `without`, is one of `values`.
static void one_of(
    struct program *program, unsigned at, unsigned without, const unsigned *values,
    unsigned count) {
    ADD(LOAD(args[at]), AND(~without));
    for (unsigned i = 0; i < count; i++) ADD(EQUAL(values[i], 0, 1), ALLOW);
    ADD(REFUSE(EPERM));
}

#define ONE_OF(at, without, ...)                                                                   \
    do {                                                                                           \
        const unsigned values[] = {__VA_ARGS__};                                                   \
        one_of(program, at, without, values, sizeof values / sizeof values[0]);                    \
    } while (0)

/// Nothing that sends signals, takes locks or leases, or makes an open file another than it was.
static void descriptor_flags(struct program *program) {
    ONE_OF(1, 0, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL);
}

static void advice(struct program *program) {
    ONE_OF(2, 0, MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE);
}

static void thread_name(struct program *program) { ONE_OF(0, 0, PR_SET_NAME, PR_GET_NAME); }

/// The machine's clocks and our own; those of other processes have numbers beyond.
static void clock_of_ours(struct program *program) {
    ADD(LOAD(args[0]), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, CLOCK_TAI, 0, 1), REFUSE(EPERM), ALLOW);
}

static void clock_on_the_wall(struct program *program) {
    ONE_OF(0, 0, CLOCK_REALTIME, CLOCK_MONOTONIC);
}

/// Priority inheritance is what Swift's Mutex is made of.
static void wait_and_wake(struct program *program) {
    ONE_OF(1, FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, FUTEX_WAIT, FUTEX_WAKE, FUTEX_REQUEUE,
           FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET, FUTEX_LOCK_PI,
           FUTEX_UNLOCK_PI);
}

struct call {
    int number;
    void (*check)(struct program *);
};

static const struct call allowed[] = {
    // Most frequent first: the kernel goes through the list for every call.
    {SYS_futex, wait_and_wake},         // threads
    {SYS_read, any},                    // requests, masters, libraries
    {SYS_lseek, any},                   // TIFF and HEIF are read back and forth
    {SYS_mmap, any},                    // memory, libraries, masters, machine code of orc
    {SYS_munmap, any},
    {SYS_newfstatat, any},              // how large is this file: glibc's fstat and stat
    {SYS_openat, open_at},              // masters, libraries, colour profiles; what is made
    {SYS_close, any},
    {SYS_mprotect, any},                // libraries that are loaded; a thread's stack
    {SYS_write, any},                   // answers, what is made, last words
    {SYS_brk, any},                     // memory: of pixels above all
    {SYS_madvise, advice},              // a thread's stack is given back
    // Other ways to the same, of other versions of glibc and other libraries.
    {SYS_fstat, any},
    {SYS_statx, any},
    {SYS_pread64, any},
    {SYS_readv, any},
    {SYS_writev, any},                  // glibc's last words when the heap is damaged
    {SYS_mremap, any},
    {SYS_fadvise64, any},
    {SYS_fcntl, descriptor_flags},
    {SYS_dup, any},
#ifdef SYS_open
    {SYS_open, open_here},
    {SYS_stat, any},
    {SYS_lstat, any},
    {SYS_access, any},                  // the directory of libvips' modules
    {SYS_readlink, any},
#endif
    {SYS_faccessat, any},
    {SYS_readlinkat, any},              // who am I: realpath
    {SYS_getdents64, any},              // libvips' modules, colour profiles by name
    {SYS_ftruncate, any},               // orc's file of machine code; only what is open to write
    // Threads: libvips, dav1d and aom start them.
    {SYS_clone, thread},                // clone3 is not listed: glibc falls back on this
    {SYS_set_robust_list, any},
    {SYS_rseq, any},
    {SYS_prctl, thread_name},
    {SYS_sched_getaffinity, any},       // how many threads are worth while; reads
    {SYS_sched_yield, any},
    {SYS_exit, any},
    {SYS_exit_group, any},
    // Its own signals: abort(3), a crash handler, masks around the start of a thread.
    {SYS_rt_sigaction, any},
    {SYS_rt_sigprocmask, any},
    {SYS_rt_sigreturn, any},
    {SYS_sigaltstack, any},
    {SYS_restart_syscall, any},         // a sleep that was interrupted
    {SYS_tgkill, ourselves},
    // What it is and what time it is. These change nothing and callers do not expect them to fail.
    {SYS_getpid, any},
    {SYS_gettid, any},
    {SYS_getuid, any},
    {SYS_geteuid, any},
    {SYS_getgid, any},
    {SYS_getegid, any},
    {SYS_umask, any},                   // mkstemp in orc; ours alone
    {SYS_prlimit64, own_limits},        // the size of the first thread's stack
    {SYS_sysinfo, any},                 // qsort(3) asks how much memory there is
    {SYS_getrandom, any},               // names of temporary files, seeds of hash tables
    // Where the vDSO cannot tell the time itself.
    {SYS_clock_gettime, clock_of_ours},
    {SYS_clock_getres, clock_of_ours},
    {SYS_gettimeofday, any},
    {SYS_clock_nanosleep, clock_on_the_wall},
    {SYS_nanosleep, any},
#ifdef SYS_time
    {SYS_time, any},
#endif
};

static void assemble(struct program *program) {
    // A number means another call on another architecture: whoever calls that way is not us.
    ADD(LOAD(arch), EQUAL(ARCHITECTURE, 1, 0), ANSWER(SECCOMP_RET_KILL_PROCESS), LOAD(nr));
#ifdef __x86_64__
    // The x32 numbers.
    ADD(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), ANSWER(SECCOMP_RET_KILL_PROCESS));
#endif
    for (unsigned i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        unsigned jump = program->length;
        ADD(EQUAL(allowed[i].number, 0, 0));
        allowed[i].check(program);
        program->code[jump].jf = (unsigned char)(program->length - jump - 1);
    }
    ADD(REFUSE(ENOSYS));
}

int sluice_seccomp(void) {
    struct program program = {.length = 0};
    assemble(&program);
    if (program.length == longest) return -E2BIG;
    struct sock_fprog whole = {.len = program.length, .filter = program.code};
    long failed =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole);
    // A positive answer is a thread that could not be brought under the filter.
    return failed < 0 ? -errno : failed > 0 ? -EBUSY : 0;
}

#else

int sluice_seccomp(void) { return -ENOTSUP; }

#endif
