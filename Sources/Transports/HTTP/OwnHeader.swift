import Model
import YAML

/// A header of the profile's own, which goes along with every request.
package struct OwnHeader: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case text(String)
        /// The name of a credential.
        case credential(String)
    }

    package var name: String
    package var value: Value

    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    package var credential: String? {
        if case .credential(let name) = value { name } else { nil }
    }

    func secret(_ credentials: Credentials) throws(DeliveryError) -> Secret {
        switch value {
        case .text(let text): Secret(text)
        case .credential(let name): try credentials.secret(name)
        }
    }
}

extension OwnHeader {
    /// These say where a request ends, whom it is for or what the connection does: a wrong one would
    /// make two requests of one, and the right ones are sent anyway.
    private static let ours = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive",
        "te", "trailer", "upgrade", "expect", "content-encoding", "content-range", "range",
        "proxy-authorization", "proxy-connection", "http2-settings",
    ]
    /// What these hold does not belong into a file that many read.
    private static let secret = ["authorization", "cookie"]
    private static let most = 20

    static let key = OptionKey(
        "headers",
        Shape<[OwnHeader]> { node, label, reader in
            reader.mapping(node, "'headers'") { keys in
                let entries = keys.others()
                if entries.count > most {
                    reader.report(
                        node.place, "'headers' has more than \(most)", code: "bad-value")
                }
                return entries.compactMap { header($0, reader) }
            }
        })

    private static func header(_ entry: Node.Entry, _ reader: Reader) -> OwnHeader? {
        let name = entry.key
        func refuse(_ why: String, _ code: String = "bad-value") -> OwnHeader? {
            reader.report(entry.place, why, code: code)
            return nil
        }
        guard isToken(name) else {
            return refuse("'\(name)' is no name of a header: letters, digits and '-'")
        }
        guard !ours.contains(name.lowercased()) else {
            return refuse("the header '\(name)' is set by sluice itself; take it out")
        }
        let text = entry.value.text ?? ""
        if text.hasPrefix("credential:") {
            return reader.read(entry.value, name, .credential)
                .map { OwnHeader(name, .credential($0)) }
        }
        guard !secret.contains(name.lowercased()) else {
            return refuse(
                "what '\(name)' says is a secret: write 'credential:NAME', or 'token' or 'password' "
                    + "in place of the header", "secret")
        }
        return reader.read(entry.value, name, value).map { OwnHeader(name, .text($0)) }
    }

    private static func isToken(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                    || "-_".utf8.contains(byte)
            }
    }

    private static let value = Shape<String>(
        expects: "a text of one line, or 'credential:NAME'"
    ) { text in
        let fits = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return fits && (1...1000).contains(text.utf8.count) ? text : nil
    }
}
