package import Host
package import Wire

/// Who may change things: some users and the members of some groups. Everybody else may ask.
package struct Operators: Hashable, Sendable {
    package private(set) var users: Set<UInt32>
    package private(set) var groups: Set<UInt32>
    /// Names that this machine does not know, to be told to whoever reads the log; they admit
    /// nobody. The daemon still runs: a missing account must not stop the deliveries.
    package private(set) var unknown: [String]
    private let described: String

    /// Looks the names up, which may block. A name of digits only is an id.
    package init(users: [String], groups: [String]) {
        let foundUsers = users.map { ($0, Accounts.user($0)) }
        let foundGroups = groups.map { ($0, Accounts.group($0)) }
        self.users = Set(foundUsers.compactMap(\.1))
        self.groups = Set(foundGroups.compactMap(\.1))
        unknown =
            foundUsers.filter { $0.1 == nil }.map { "user '\($0.0)'" }
            + foundGroups.filter { $0.1 == nil }.map { "group '\($0.0)'" }
        described =
            (users.map { "user '\($0)'" } + groups.map { "a member of group '\($0)'" })
            .joined(separator: " or ")
        firstGroup = groups.first
    }

    private let firstGroup: String?

    package func admit(_ peer: Peer) -> Bool {
        users.contains(peer.uid) || groups.contains(peer.gid)
            || !groups.isDisjoint(with: peer.groups)
    }

    /// The refusal, in words that get the reader on.
    package func refusal(name: String, uid: UInt32) -> OperationError {
        let needed = described.isEmpty ? "nobody is configured as one" : "that takes \(described)"
        return OperationError(
            403, "'\(name)' (uid \(uid)) may ask but not change anything: \(needed)",
            next: firstGroup.map { "sudo usermod -aG \($0) \(name), then log in again" }
                ?? "name somebody under socket: operators: in sluice.yaml")
    }
}
