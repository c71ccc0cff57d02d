#if DEBUG
import Foundation

/// Memory that the calls of a sweep point at, between two pages that do not exist. What a call writes
/// into it is gone before the next.
struct Arena {
    private static let page = 4096
    private static let size = 16 * page

    private let base: UnsafeMutableRawPointer
    private let texts: [String]

    init(ledger: String, state: String, master: String) {
        // In the order of the offsets below.
        texts = [ledger, state, master, state + "/fresh", "user.note", ""]
        let whole = mmap(
            nil, Self.size + 2 * Self.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
            0)
        guard let whole, whole != MAP_FAILED else { giveUp(71, "there is no memory to sweep with") }
        mprotect(whole, Self.page, PROT_NONE)
        base = whole + Self.page
        mprotect(base + Self.size, Self.page, PROT_NONE)
        fill()
    }

    /// Never at the beginning of a page: no call takes it for memory that can be mapped anew.
    private func at(_ place: Int) -> Int { Int(bitPattern: base) + place * Self.page + 64 }

    var paths: [Int] { [at(0), at(1), at(2)] }
    var ledger: Int { at(0) }
    var state: Int { at(1) }
    var fresh: Int { at(3) }
    var name: Int { at(4) }
    var empty: Int { at(5) }
    var zeros: Int { at(6) }
    var ones: Int { at(7) }
    var junk: Int { at(8) }
    /// An `iovec`.
    var vector: Int { at(9) }
    /// A `xattr_args`, a `mount_attr`.
    var attribute: Int { at(10) }

    func fill() {
        memset(base, 0, Self.size)
        for (place, text) in texts.enumerated() {
            _ = text.withCString {
                strcpy(pointer(at(place)).assumingMemoryBound(to: CChar.self), $0)
            }
        }
        // Read as limits, as a processor mask, as a scheduler's wishes: little of everything.
        pointer(ones).storeBytes(of: 1, as: Int.self)
        pointer(ones + 8).storeBytes(of: 1, as: Int.self)
        memset(pointer(junk), 0x2A, 256)
        pointer(vector).storeBytes(of: junk, as: Int.self)
        pointer(vector + 8).storeBytes(of: 64, as: Int.self)
        pointer(attribute).storeBytes(of: junk, as: Int.self)
        pointer(attribute + 8).storeBytes(of: 4, as: Int32.self)
    }

    /// What can be opened to read, always anew, and what is shared with the parent. Never 0, which
    /// is where all memory begins for those that take addresses.
    func files() -> [Int] {
        let opened = [texts[2], texts[0]].map { (path: String) in open(path, O_RDONLY) }
        return [Int(dup(STDIN_FILENO)), 2] + opened.filter { $0 >= 0 }.map(Int.init)
    }

    private func pointer(_ address: Int) -> UnsafeMutableRawPointer {
        guard let pointer = UnsafeMutableRawPointer(bitPattern: address) else {
            giveUp(70, "an address of nothing")
        }
        return pointer
    }
}
#endif
