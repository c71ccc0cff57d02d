import Foundation
import Model
import YAML

/// Reads where files go, from `deliver:` and from `feed:`.
struct AddressReader {
    let keys: Keys
    /// The channel's own address, whose login a feed on the same server shares.
    var base: DestinationAddress?

    /// - Parameter optional: `to` may be absent; the base is taken then.
    func address(optional: Bool) -> DestinationAddress? {
        keys.notBuilt("endpoint", "s3_region", "access_key", "secret_key", "cache", "hand")
        let before = keys.reader.problems.count
        guard let node = optional ? keys.node("to") : keys.requiredNode("to") else {
            refuseLoginWithoutTo()
            return base
        }
        let target = keys.reader.read(node, "to", .text).flatMap { self.target($0, node.place) }
        // The rest is read even when 'to' is wrong, so that its mistakes are told as well.
        var address = target ?? DestinationAddress(scheme: .file, path: "/")
        inherit(into: &address)
        login(into: &address)
        manner(into: &address)
        guard target != nil else { return nil }
        checkLogin(address)
        checkPrivate(address, node.place)
        return keys.reader.problems.count == before ? address : nil
    }

    // MARK: The URL

    private func target(_ text: String, _ place: Place) -> DestinationAddress? {
        func refuse(_ message: String, _ code: String = "bad-value") -> DestinationAddress? {
            keys.reader.report(place, message, code: code)
            return nil
        }
        let example =
            "'to' is an address such as sftp://feeds.example.com/incoming/ or file:///srv/img/"
        guard let separator = text.firstRange(of: "://") else { return refuse(example) }
        let word = String(text[..<separator.lowerBound])
        guard let scheme = DestinationAddress.Scheme(rawValue: word) else {
            let known = DestinationAddress.Scheme.allCases.map(\.rawValue)
            let hint = Spelling.hint(to: word, among: known)
            return refuse("'\(word)' is no scheme of ours: \(known.joined(separator: ", "))\(hint)")
        }
        if scheme == .s3 {
            keys.reader.report(notBuilt: "'to: s3://…'", place)
            return nil
        }
        let rest = text[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard !rest[..<slash].contains("@") else {
            return refuse("a login does not belong in 'to'; write 'user: …'", "secret")
        }
        guard let (host, port) = authority(rest[..<slash], scheme), let path = path(rest[slash...])
        else { return refuse("\(example); '\(text)' is none") }
        return DestinationAddress(scheme: scheme, host: host, port: port, path: path)
    }

    private func authority(
        _ text: Substring, _ scheme: DestinationAddress.Scheme
    ) -> (String, Int?)? {
        if scheme == .file { return text.isEmpty ? ("", nil) : nil }
        var host = text
        var port: Int?
        let end = text.lastIndex(of: "]") ?? text.startIndex
        if let colon = text[end...].lastIndex(of: ":") {
            guard let number = Units.integer(String(text[text.index(after: colon)...])),
                (1...65_535).contains(number)
            else { return nil }
            (host, port) = (text[..<colon], number)
        }
        let bracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let letters = bracketed ? host.dropFirst().dropLast() : host
        let fits = letters.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-")
                || bracketed && $0 == ":"
        }
        return fits && !letters.isEmpty ? (host.lowercased(), port) : nil
    }

    /// Absolute, with a final slash; every segment fit for a name.
    private func path(_ text: Substring) -> String? {
        let inner = text.split(separator: "/", omittingEmptySubsequences: true)
        let segments = inner.joined(separator: "/")
        if segments.isEmpty { return "/" }
        guard !text.contains("//"), segments.utf8.count <= 1000,
            inner.allSatisfy({ RemoteName(rawValue: String($0)) != nil })
        else { return nil }
        return "/\(segments)/"
    }

    // MARK: Login

    /// The same server is the same login, unless the feed names its own.
    private func inherit(into address: inout DestinationAddress) {
        guard let base, base.scheme == address.scheme, base.host == address.host,
            base.port == address.port
        else { return }
        let (path, own) = (address.path, ["user", "password", "key", "token"])
        let hasOwn = own.contains { keys.node($0) != nil }
        address = base
        address.path = path
        guard hasOwn else { return }
        (address.user, address.password, address.key) = (nil, nil, nil)
        (address.passphrase, address.token) = (nil, nil)
    }

    private func login(into address: inout DestinationAddress) {
        address.user = keys.optional("user", .text) ?? address.user
        address.password = credential("password") ?? address.password
        address.key = credential("key") ?? address.key
        address.passphrase = credential("passphrase") ?? address.passphrase
        address.token = credential("token") ?? address.token
        let pins = keys.list("host_keys", Self.hostKey)
        if !pins.isEmpty { address.hostKeys = pins }
    }

    private func refuseLoginWithoutTo() {
        for key in ["user", "password", "key", "passphrase", "token", "host_keys"]
        where keys.node(key) != nil {
            keys.reader.report(
                keys.place(key), "'\(key)' belongs to a 'to', and there is none here",
                code: "missing-key")
        }
    }

    /// `credential:NAME`. A secret that was written out is not repeated in the message.
    private func credential(_ key: String) -> String? {
        guard let node = keys.node(key) else { return nil }
        if let text = node.text, text.hasPrefix("credential:") {
            let name = text.dropFirst("credential:".count)
            if RemoteName(rawValue: String(name)) != nil, !name.contains("/") {
                return String(name)
            }
        }
        keys.reader.report(
            node.place,
            "'\(key)' names a credential ('credential:NAME') and never holds the secret itself; "
                + "if it was a real one, change it: this file has been read by others",
            code: "secret")
        return nil
    }

    /// Base64 of 32 bytes without padding, as ssh-keygen -l prints it.
    private static let hostKey = Shape<String>(
        expects:
            "host keys such as \"SHA256:…\" with 43 characters (see 'ssh-keyscan HOST | ssh-keygen -lf -')"
    ) { text in
        let digest = text.dropFirst("SHA256:".count)
        let fits =
            digest.utf8.count == 43
            && digest.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "/")
            }
        return text.hasPrefix("SHA256:") && fits ? text : nil
    }

    private func checkLogin(_ address: DestinationAddress) {
        switch address.scheme {
        case .file, .s3:
            if address.user != nil || address.hasSecret { refuse("a folder needs no login") }
        case .sftp: checkSFTP(address)
        case .http, .https: checkHTTP(address)
        }
        if address.passphrase != nil, address.key == nil {
            refuse("'passphrase' needs 'key'", "missing-key", at: "passphrase")
        }
    }

    /// What is written but wrong was reported where it stands.
    private func checkSFTP(_ address: DestinationAddress) {
        func lacks(_ keys: String...) -> Bool { keys.allSatisfy { self.keys.node($0) == nil } }
        if address.user == nil { refuse("sftp needs 'user'", "missing-key") }
        if address.password == nil, address.key == nil, lacks("password", "key") {
            refuse("sftp needs 'key: credential:NAME' or 'password: …'", "missing-key")
        }
        if address.token != nil { refuse("sftp knows no 'token'", at: "token") }
        if address.hostKeys.isEmpty, lacks("host_keys") {
            refuse(
                "sftp needs 'host_keys': without them anyone could answer; "
                    + "'ssh-keyscan HOST | ssh-keygen -lf -' prints them", "missing-key")
        }
    }

    private func checkHTTP(_ address: DestinationAddress) {
        if address.key != nil { refuse("http knows no 'key'", at: "key") }
        if address.token != nil, address.password != nil {
            refuse("'token' and 'password' exclude each other", at: "token")
        }
        if address.password != nil, address.user == nil {
            refuse("'password' needs 'user'", "missing-key", at: "password")
        }
        if address.scheme == .http, address.hasSecret, !address.allowPrivate {
            refuse("a secret would travel in clear; use https", "clear-text")
        }
    }

    private func refuse(_ message: String, _ code: String = "login", at key: String = "to") {
        keys.reader.report(keys.place(key), message, code: code)
    }

    // MARK: Manner

    private func manner(into address: inout DestinationAddress) {
        address.finish = finish() ?? address.finish
        address.sessions = keys.optional("sessions", .integer(1...32)) ?? address.sessions
        address.perMinute = keys.optional("rate", Self.rate) ?? address.perMinute
        address.mode = keys.optional("mode", .fileMode) ?? address.mode
        address.allowPrivate = keys.optional("allow_private", .bool) ?? address.allowPrivate
    }

    private func finish() -> DestinationAddress.Finish? {
        if let node = keys.node("finish"), node["marker"] != nil {
            keys.reader.report(notBuilt: "'finish: {marker: …}'", node.place)
            return nil
        }
        return keys.optional("finish", .choice([("rename", .rename), ("direct", .direct)]))
    }

    private static let rate = Shape<Int>(expects: "a rate such as 120/min") { text in
        guard text.hasSuffix("/min"), let number = Units.integer(String(text.dropLast(4))),
            (1...100_000).contains(number)
        else { return nil }
        return number
    }

    /// What a name resolves to is checked when the connection is made; a literal can be told here.
    private func checkPrivate(_ address: DestinationAddress, _ place: Place) {
        guard address.scheme != .file, !address.allowPrivate, PrivateHost.isPrivate(address.host)
        else { return }
        keys.reader.report(
            place,
            "'\(address.host)' is an address of this machine or a private network; "
                + "if that is meant, say 'allow_private: true'", code: "private-address")
    }
}

extension DestinationAddress {
    fileprivate var hasSecret: Bool { password != nil || key != nil || token != nil }
}
