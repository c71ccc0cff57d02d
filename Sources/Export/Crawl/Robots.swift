/// What a host's robots.txt lets one crawler fetch (RFC 9309): of the groups that mean it the most
/// specific, of the rules in it the longest that fits, and of two equals the one that allows.
struct Robots {
    /// Of a file; what comes after is not read, by crawlers neither.
    static let most = 512 << 10
    private static let mostLines = 20_000

    private struct Rule {
        var allows: Bool
        var pattern: [UInt8]
    }

    private let rules: [Rule]

    /// - Parameter agent: as it is sent, such as `Googlebot-Image/1.0`. A group for `Googlebot` counts
    ///   where there is none for the whole name.
    init(_ text: String, for agent: String) {
        // Each rule once, however many agents it is for.
        var groups: [(agents: Set<String>, rules: [Rule])] = []
        var hasRules = false
        for line in text.split(whereSeparator: \.isNewline).prefix(Self.mostLines) {
            guard let (key, value) = Self.entry(line) else { continue }
            switch key {
            case "user-agent":
                if hasRules || groups.isEmpty { groups.append(([], [])) }
                hasRules = false
                groups[groups.count - 1].agents.insert(Self.token(value))
            case "allow", "disallow":
                hasRules = true
                // Without a path it says nothing.
                guard !value.isEmpty, !groups.isEmpty else { continue }
                groups[groups.count - 1].rules.append(
                    Rule(allows: key == "allow", pattern: Self.normal(value)))
            default: continue
            }
        }
        let token = Self.token(Self.product(agent))
        let own = groups.flatMap(\.agents).filter {
            $0 != "*" && !$0.isEmpty && token.hasPrefix($0)
        }
        .max { $0.count < $1.count }
        rules = groups.filter { $0.agents.contains(own ?? "*") }.flatMap(\.rules)
    }

    /// - Parameter path: of the address, with its query.
    func allows(_ path: String) -> Bool {
        let path = Self.normal(path)
        let fits = rules.filter { Self.matches($0.pattern, path) }
        let longest = fits.map(\.pattern.count).max()
        return fits.filter { $0.pattern.count == longest }.contains(where: \.allows)
            || fits.isEmpty
    }

    private static func entry(_ line: Substring) -> (key: String, value: String)? {
        let text = line.prefix { $0 != "#" }
        guard let colon = text.firstIndex(of: ":") else { return nil }
        func trimmed(_ part: Substring) -> String {
            let start = part.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
            return String(start.reversed().drop(while: \.isWhitespace).reversed())
        }
        return (trimmed(text[..<colon]).lowercased(), trimmed(text[text.index(after: colon)...]))
    }

    /// `Mozilla/5.0 (compatible; Bingbot/2.0; …)` names itself inside.
    private static func product(_ agent: String) -> String {
        guard let range = agent.firstRange(of: "compatible; ") else { return agent }
        return String(agent[range.upperBound...])
    }

    private static func token(_ agent: String) -> String {
        if agent.hasPrefix("*") { return "*" }
        return agent.prefix { $0.isASCII && ($0.isLetter || $0 == "-" || $0 == "_") }.lowercased()
    }

    /// Octets are compared; one that may stand as itself is the same encoded.
    private static func normal(_ path: String) -> [UInt8] {
        var bytes = Array(path.utf8)[...]
        var out: [UInt8] = []
        while let byte = bytes.popFirst() {
            var octet = byte
            let digits = bytes.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes = bytes.dropFirst(2)
                octet = value
            } else if byte < 0x80 {
                out.append(byte)
                continue
            }
            let scalar = Character(UnicodeScalar(octet))
            if octet < 0x80, scalar.isLetter || scalar.isNumber || "-._~".contains(scalar) {
                out.append(octet)
            } else {
                let hex = String(octet, radix: 16, uppercase: true)
                out += Array("%\(hex.count == 1 ? "0" : "")\(hex)".utf8)
            }
        }
        return out
    }

    /// `*` is anything, `$` at the end is the end.
    private static func matches(_ pattern: [UInt8], _ path: [UInt8]) -> Bool {
        let isAnchored = pattern.last == UInt8(ascii: "$")
        let parts = (isAnchored ? pattern.dropLast() : pattern[...])
            .split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard let first = parts.first, path.starts(with: first) else { return false }
        var rest = path.dropFirst(first.count)
        for (index, part) in parts.enumerated().dropFirst() {
            if isAnchored, index == parts.count - 1 {
                return rest.count >= part.count && rest.suffix(part.count).elementsEqual(part)
            }
            guard !part.isEmpty else { continue }
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return !isAnchored || rest.isEmpty
    }
}
