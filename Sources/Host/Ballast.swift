private import Foundation
private import Synchronization

/// A file that only takes room, so that there is some to give back when the disk is full: enough
/// to write down why, and the decisions that cannot wait.
package final class Ballast: Sendable {
    package static let bytes: Int64 = 2 << 20
    /// It is taken where so much is free; less would fill the disk by itself.
    package static let roomNeeded = 3 * bytes

    private enum Condition { case absent, held, given }

    private let path: String
    private let onGiving: @Sendable () -> Void
    private let condition: Mutex<Condition>

    package init(_ path: String, onGiving: @escaping @Sendable () -> Void = {}) {
        self.path = path
        self.onGiving = onGiving
        condition = Mutex(Files.exists(path) ? .held : .absent)
    }

    /// The room was given back and could not be taken again since: what can wait must.
    package var isGiven: Bool { condition.withLock { $0 == .given } }

    /// Takes the room where there is enough; blocks.
    package func take() {
        condition.withLock { condition in
            guard condition != .held, let room = try? Files.room(of: path.directory),
                room.free >= Self.roomNeeded, (try? fill()) != nil
            else { return }
            condition = .held
        }
    }

    /// Gives the room back; blocks.
    /// - Returns: false when there was none to give.
    package func give() -> Bool {
        let given = condition.withLock { condition in
            guard condition == .held, (try? Files.remove(path)) != nil else { return false }
            condition = .given
            return true
        }
        if given { onGiving() }
        return given
    }

    private func fill() throws(HostError) {
        do throws(HostError) {
            let file = try OpenFile.open(path, O_WRONLY | O_CREAT | O_TRUNC)
            let failed = posix_fallocate(file.descriptor, 0, off_t(Self.bytes))
            guard failed == 0 else { throw HostError("take room in", path, failed) }
        } catch {
            try Files.remove(path)
            throw error
        }
    }
}

extension String {
    fileprivate var directory: String {
        lastIndex(of: "/").map { $0 == startIndex ? "/" : String(self[..<$0]) } ?? "."
    }
}
