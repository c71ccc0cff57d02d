internal import Export
internal import Foundation
internal import Model
internal import Transports
internal import YAML

// `alarm:` of sluice.yaml.
extension ConfigurationReader {
    func alarm(_ keys: Keys) -> AlarmSettings {
        var alarm = AlarmSettings()
        alarm.run = keys.optional("run", path)
        alarm.mail = keys.list("mail", Self.mailbox)
        alarm.after = keys.optional("after", .duration) ?? alarm.after
        alarm.itemOlderThan =
            keys.optional("item_older_than", Self.interval) ?? alarm.itemOlderThan
        alarm.noSuccessFor = keys.optional("no_success_for", Self.interval)
        let allowPrivate = keys.optional("allow_private", .bool) ?? false
        let address = keys.optional("post", Self.address)
        let secret = keys.optional("secret", .credential)
        guard let address else {
            for key in ["secret", "allow_private"] where keys.node(key) != nil {
                if keys.node("post") == nil {
                    keys.refuse("'\(key)' needs 'post'", "missing-key", at: key)
                }
            }
            return alarm
        }
        alarm.post = .init(address, secret: secret, allowPrivate: allowPrivate)
        if case .url(let url) = address, !allowPrivate { check(url, keys) }
        return alarm
    }

    private func check(_ url: String, _ keys: Keys) {
        if url.hasPrefix("http://") {
            keys.refuse(
                "an alarm would travel in clear; use https (or, within your own network, "
                    + "'allow_private: true')", "clear-text", at: "post")
        }
        keys.checkPrivate(URL(string: url)?.host ?? "", at: keys.place("post"))
    }

    private static var address: Shape<AlarmSettings.Post.Address> {
        Shape { node, label, reader in
            if node.text?.hasPrefix("credential:") == true {
                return Shape.credential.read(node, label, reader).map { .credential($0) }
            }
            return url.read(node, label, reader).map { .url($0) }
        }
    }

    private static var url: Shape<String> {
        let expects = "an address such as https://example.com/hook, or credential:NAME"
        return Shape { node, label, reader in
            guard let text = Shape<String>.text.read(node, label, reader) else { return nil }
            if isAddress(text) { return text }
            // What is written there is not repeated: with chat services the address is the secret.
            reader.report(node.place, "'\(label)' wants \(expects)", code: "bad-value")
            return nil
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, text.hasPrefix("https://") || text.hasPrefix("http://"),
            let url = URL(string: text)
        else { return false }
        return url.host?.isEmpty == false && url.user == nil
    }

    /// One that can stand in a header as it is.
    private static var mailbox: Shape<String> {
        Shape(expects: "a mail address such as ops@example.com") { text in
            let special = Set(".!#$%&'*+-/=?^_`{|}~@".utf8)
            let isPlain = text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || special.contains(byte)
            }
            guard isPlain, !text.isEmpty, !text.hasPrefix("-"), text.utf8.count <= 254,
                text.split(separator: "@", omittingEmptySubsequences: false).count <= 2
            else { return nil }
            return text
        }
    }
}
