import Model
package import YAML

/// Reads where files go, from `deliver:` and from `feed:`: what all transports have. The rest is read
/// by the transport that `to` names.
package struct DestinationReader {
    let registry: TransportRegistry
    let keys: Keys
    /// The channel's own, whose login and manner a feed on the same server shares.
    let base: Destination?

    package init(_ registry: TransportRegistry, _ keys: Keys, base: Destination? = nil) {
        self.registry = registry
        self.keys = keys
        self.base = base
    }

    /// - Parameter optional: `to` may be absent; the base is taken then.
    package func destination(optional: Bool) -> Destination? {
        let before = keys.reader.problems.count
        guard let node = optional ? keys.node("to") : keys.requiredNode("to") else {
            refuseOptionsWithoutTo()
            return base
        }
        let found = keys.reader.read(node, "to", .text).flatMap { target($0, node.place) }
        let base = found.flatMap { found in
            self.base.flatMap { found.target.address.isSameServer(as: $0.address) ? $0 : nil }
        }
        let allowPrivate = keys.optional("allow_private", .bool)
        let sessions = keys.optional("sessions", .integer(1...32)) ?? base?.sessions
        let perMinute = keys.optional("rate", Self.rate) ?? base?.perMinute
        let bandwidth = keys.optional("bandwidth", Self.bandwidth) ?? base?.bandwidth
        let hours = keys.optional("hours", Self.hours) ?? base?.hours
        let collects = keys.optional("collects", .bool) ?? base?.collects ?? false
        let hand = optional ? nil : Hand.read(keys)
        if hand != nil, collects {
            keys.refuse(
                "'collects' is for partners whose programs pick files up; with 'hand' a person does, "
                    + "and says so with 'sluice done': take one of them out", "contradiction",
                at: "collects")
        }
        // What others know is read even here, so that its mistakes are told as well.
        let own = Set(found?.reader.keys.map(\.name) ?? [])
        for key in registry.readers.flatMap(\.keys) where !own.contains(key.name) {
            key.check(keys)
        }
        guard let (reader, target) = found else { return nil }
        var allowed = target
        allowed.allowPrivate = allowPrivate ?? base?.options.target.allowPrivate ?? false
        let options = reader.options(allowed, keys, base: base?.options)
        if hand != nil, (options as? HTTPOptions)?.manner.method == .post {
            keys.refuse(
                "what is sent by 'method: POST' lies under no name where a person could fetch it: with "
                    + "'hand' files are PUT", "contradiction", at: "hand")
        }
        if reader.dialsHost, !allowed.allowPrivate {
            keys.checkPrivate(allowed.address.host, at: node.place)
        }
        guard keys.reader.problems.count == before else { return nil }
        return Destination(
            options, sessions: sessions ?? 2, perMinute: perMinute, bandwidth: bandwidth,
            hours: hours, collects: collects, hand: hand)
    }

    // MARK: The URL

    private func target(
        _ text: String, _ place: Place
    ) -> (reader: any OptionsReader, target: Target)? {
        func refuse(
            _ message: String, _ code: String = "bad-value"
        ) -> (any OptionsReader, Target)? {
            keys.reader.report(place, message, code: code)
            return nil
        }
        let example =
            "'to' is an address such as sftp://feeds.example.com/incoming/ or file:///srv/img/"
        guard let separator = text.firstRange(of: "://") else { return refuse(example) }
        let scheme = String(text[..<separator.lowerBound])
        guard let reader = registry.reader(scheme) else {
            let hint = Spelling.hint(to: scheme, among: registry.schemes)
            let known = registry.schemes.joined(separator: ", ")
            return refuse("'\(scheme)' is no scheme of ours: \(known)\(hint)")
        }
        let rest = text[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard !rest[..<slash].contains("@") else {
            return refuse("a login does not belong in 'to'; write 'user: …'", "secret")
        }
        guard let (host, port) = authority(rest[..<slash], of: reader),
            let path = path(rest[slash...])
        else { return refuse("\(example); '\(text.withoutSecrets)' is none") }
        let address = DestinationAddress(scheme: scheme, host: host, port: port, path: path)
        return (reader, Target(address))
    }

    private func authority(_ text: Substring, of reader: any OptionsReader) -> (String, Int?)? {
        guard reader.hasHost else { return text.isEmpty ? ("", nil) : nil }
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

    // MARK: Manner

    private func refuseOptionsWithoutTo() {
        let own = registry.readers.flatMap(\.keys).map(\.name)
        for key in Set(
            own + ["sessions", "rate", "bandwidth", "hours", "collects", "allow_private"]
        ).sorted()
        where keys.node(key) != nil {
            keys.reader.report(
                keys.place(key), "'\(key)' belongs to a 'to', and there is none here",
                code: "missing-key")
        }
    }

    private static let bandwidth = Shape<Int64>(expects: "a bandwidth such as 2MB/s") { text in
        guard text.hasSuffix("/s"), let bytes = Units.bytes(String(text.dropLast(2))),
            bytes >= 10_000
        else { return nil }
        return bytes
    }

    private static let hours = Shape<DeliveryHours>(
        expects: "hours such as \"22:00..06:00\", by the configured zone"
    ) { DeliveryHours($0) }

    private static let rate = Shape<Int>(expects: "a rate such as 120/min") { text in
        guard text.hasSuffix("/min"), let number = Units.integer(String(text.dropLast(4))),
            (1...100_000).contains(number)
        else { return nil }
        return number
    }
}
