#if DEBUG
import Foundation

/// The holes that were found in a list of what is forbidden, one by one and by name.
struct Findings {
    let parent: Int
    let arena: Arena

    #if arch(x86_64)
    private static let (prlimit64, setpriority, ioprioSet, openAt, fcntl) = (302, 141, 251, 257, 72)
    private static let (setScheduler, setParameter, setAffinity, setAttribute) = (
        144, 142, 203, 314
    )
    private static let (removeXattr, lremoveXattr, fremoveXattr) = (197, 198, 199)
    #else
    private static let (prlimit64, setpriority, ioprioSet, openAt, fcntl) = (261, 140, 30, 56, 25)
    private static let (setScheduler, setParameter, setAffinity, setAttribute) = (
        119, 118, 122, 274
    )
    private static let (removeXattr, lremoveXattr, fremoveXattr) = (14, 15, 16)
    #endif
    // The same everywhere since Linux 5.1.
    private static let (fchmodat2, setxattrat, removexattrat) = (452, 463, 466)

    var all: [(name: String, number: Int, arguments: [Int])] {
        let here = Int(AT_FDCWD)
        // 0 is the pipe or what else the parent has given us to read from.
        let calls: [(String, Int, [Int])] = [
            ("prlimit64 on the parent", Self.prlimit64, [parent, 0, arena.ones, 0]),
            ("prlimit64 that reads the parent's", Self.prlimit64, [parent, 7, 0, arena.zeros]),
            ("prlimit64 that sets our own", Self.prlimit64, [0, 7, arena.ones, 0]),
            ("fchmodat2", Self.fchmodat2, [here, arena.ledger, 0o666, 0]),
            ("fchmodat2 of the state", Self.fchmodat2, [here, arena.state, 0o777, 0]),
            (
                "setxattrat", Self.setxattrat,
                [here, arena.ledger, 0, arena.name, arena.attribute, 16]
            ),
            ("removexattr", Self.removeXattr, [arena.ledger, arena.name]),
            ("lremovexattr", Self.lremoveXattr, [arena.ledger, arena.name]),
            ("fremovexattr", Self.fremoveXattr, [0, arena.name]),
            ("removexattrat", Self.removexattrat, [here, arena.ledger, 0, arena.name]),
            ("setpriority", Self.setpriority, [0, parent, 19]),
            ("sched_setscheduler", Self.setScheduler, [parent, 3, arena.zeros]),
            ("sched_setparam", Self.setParameter, [parent, arena.zeros]),
            ("sched_setaffinity", Self.setAffinity, [parent, 8, arena.ones]),
            ("sched_setattr", Self.setAttribute, [parent, arena.ones, 0]),
            ("ioprio_set", Self.ioprioSet, [1, parent, 3 << 13]),
            ("open(O_TRUNC|3)", Self.openAt, [here, arena.ledger, Int(O_TRUNC) | 3]),
            ("open(3)", Self.openAt, [here, arena.ledger, 3]),
            ("open(O_TRUNC)", Self.openAt, [here, arena.ledger, Int(O_TRUNC)]),
            ("open(O_WRONLY)", Self.openAt, [here, arena.ledger, Int(O_WRONLY)]),
            (
                "open(O_RDWR|O_CREAT)", Self.openAt,
                [here, arena.ledger, Int(O_RDWR | O_CREAT), 0o600]
            ),
            ("open(O_ASYNC)", Self.openAt, [here, arena.ledger, 0o20000]),
            (
                "open a setuid file", Self.openAt,
                [here, arena.fresh, Int(O_WRONLY | O_CREAT | O_EXCL), 0o4755]
            ),
            ("F_SETOWN", Self.fcntl, [0, 8, parent]),
            ("F_SETOWN_EX", Self.fcntl, [0, 15, arena.ones]),
            ("F_SETSIG", Self.fcntl, [0, 10, 9]),
            ("F_SETFL with O_ASYNC", Self.fcntl, [0, 4, 0o20000]),
            ("F_SETLEASE", Self.fcntl, [0, 1024, 1]),
            ("F_NOTIFY", Self.fcntl, [0, 1026, 0x8000_003F]),
        ]
        return calls.map { name, number, some in
            (name, number, some + Array(repeating: 0, count: 6 - some.count))
        }
    }
}
#endif
