import Foundation
package import Model
package import YAML

/// Hosts that only this machine or its own network can reach.
enum PrivateHost {
    static func isPrivate(_ host: String) -> Bool {
        let host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[].")).lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        if host.contains(":") {
            return host == "::1" || host == "::" || host.hasPrefix("::ffff:")
                || ["fc", "fd", "fe8", "fe9", "fea", "feb"].contains(where: host.hasPrefix)
        }
        let parts = host.split(separator: ".").map { UInt8($0) }
        // `127.1` and plain numbers reach loopback as well.
        guard parts.allSatisfy({ $0 != nil }), parts.count == 4 else {
            return host.allSatisfy { $0.isNumber || $0 == "." }
        }
        switch (parts[0], parts[1]) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168): return true
        case (172, let second?): return (16...31).contains(second)
        case (100, let second?): return (64...127).contains(second)
        default: return false
        }
    }
}

extension Keys {
    /// What a name resolves to is checked when the connection is made; a literal can be told here.
    package func checkPrivate(_ host: String, at place: Place) {
        guard PrivateHost.isPrivate(host) else { return }
        reader.report(
            place,
            "'\(host)' is an address of this machine or a private network; "
                + "if that is meant, say 'allow_private: true'", code: "private-address")
    }
}
