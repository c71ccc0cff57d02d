package import YAML

/// Reads what a profile says to one transport. All mistakes are reported at the keys they are in.
package protocol OptionsReader: Sendable {
    /// Of `to`.
    var schemes: [String] { get }

    /// Whether `to` names a server: `scheme://host:port/path/` in place of `scheme:///path/`.
    var hasHost: Bool { get }

    /// Whether that server is the one that is dialled, and so may not be a private one.
    var dialsHost: Bool { get }

    /// All that `options` reads.
    var keys: [any AnyOptionKey] { get }

    /// - Parameter base: the channel's own options on the same server, which a feed there shares.
    /// - Returns: anything where mistakes were reported.
    func options(
        _ target: Target, _ keys: Keys, base: (any TransportOptions)?
    ) -> any TransportOptions
}

extension OptionsReader {
    package var dialsHost: Bool { hasHost }
}
