package import Model

/// Where `to` points, and whether it may point there.
package struct Target: Sendable, Hashable {
    package var address: DestinationAddress
    /// Loopback, link-local and private addresses are refused unless the profile allows them.
    package var allowPrivate: Bool

    package init(_ address: DestinationAddress, allowPrivate: Bool = false) {
        self.address = address
        self.allowPrivate = allowPrivate
    }

    /// `https://host:port`, an IPv6 address in brackets.
    var origin: String {
        let host = address.host
        let literal = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(address.scheme)://\(literal)\(address.port.map { ":\($0)" } ?? "")"
    }
}

extension String {
    /// Percent-encodes what may not stand in the path of a URL.
    /// - Parameter keeping: characters that stay although they are special.
    func encodedPath(keeping: String = "") -> String {
        percentEncoded(keeping: "/-._~!$&'()*+,;=:@\(keeping)")
    }

    /// - Parameter keeping: characters that stay beside letters and digits.
    func percentEncoded(keeping: String) -> String {
        let kept = Set(keeping.utf8)
        return utf8.map { byte in
            let isWord =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
            if isWord || kept.contains(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}
