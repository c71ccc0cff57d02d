/// The key by which a server is known, as it shows it before anybody logs in.
package struct ShownHostKey: Sendable {
    /// `SHA256:…`
    package var key: String
    /// Those the profile accepts.
    package var pins: [String]

    package var isPinned: Bool { pins.contains(key) }
}
