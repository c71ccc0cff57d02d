/// Where an S3 service answers: `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`.
package struct S3Endpoint: Sendable, Hashable {
    /// Where the bucket stands in an address.
    package enum Style: String, Sendable, CaseIterable {
        /// `https://host/bucket/key`
        case path
        /// `https://bucket.host/key`
        case host
    }

    package var isTLS: Bool
    package var host: String
    package var port: Int?
    /// Of a service that lives below a path; with no slash at its end.
    package var path: String

    package init(isTLS: Bool = true, host: String, port: Int? = nil, path: String = "") {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.path = path
    }

    /// Amazon's own in a region.
    static func amazon(_ region: String) -> S3Endpoint {
        // China is another partition under a domain of its own.
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return S3Endpoint(host: "s3.\(region).\(domain)")
    }

    /// Nil for what is no address of a server.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound]
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<slash]),
            let path = Self.path(rest[slash...])
        else { return nil }
        self.init(isTLS: scheme == "https", host: host, port: port, path: path)
    }

    private static func authority(_ text: Substring) -> (String, Int?)? {
        var host = text
        var port: Int?
        let end = text.lastIndex(of: "]") ?? text.startIndex
        if let colon = text[end...].lastIndex(of: ":") {
            guard let number = Int(text[text.index(after: colon)...]), (1...65_535).contains(number)
            else { return nil }
            (host, port) = (text[..<colon], number)
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let letters = isBracketed ? host.dropFirst().dropLast() : host
        let fits = letters.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-")
                || isBracketed && $0 == ":"
        }
        return fits && !letters.isEmpty ? (host.lowercased(), port) : nil
    }

    private static func path(_ text: Substring) -> String? {
        let segments = text.split(separator: "/")
        let fits = segments.allSatisfy { segment in
            segment != "." && segment != ".."
                && segment.utf8.allSatisfy {
                    (0x21...0x7E).contains($0) && !"%?#".utf8.contains($0)
                }
        }
        return fits ? segments.map { "/\($0)" }.joined() : nil
    }

    /// As a URL begins.
    func origin(_ host: String) -> String { "\(isTLS ? "https" : "http")://\(host)" }

    /// What stands in `Host`, and is signed: libcurl leaves out the scheme's own port.
    /// - Parameter bucket: in front, for the style `host`.
    func authority(_ bucket: String? = nil) -> String {
        let shown = port.flatMap { $0 == (isTLS ? 443 : 80) ? nil : ":\($0)" } ?? ""
        return (bucket.map { "\($0)." } ?? "") + host + shown
    }
}
