import Foundation
import Model

/// Signature Version 4, as S3 wants it: each request is signed with its path, query, headers and the
/// hash of its body. Of our own, because libcurl 7.88 gets four things wrong here: it leaves out
/// `x-amz-content-sha256`, encodes `=+@,()` otherwise than it signs them, keeps lower-case escapes and
/// does not sort the query.
struct Signing: Sendable {
    /// Of a body that is not there.
    static let empty = ContentHash.of(Data())

    var accessKey: String
    var secretKey: Secret
    /// Of temporary credentials.
    var token: Secret?
    var region: String
    var service = "s3"

    /// - Parameter signsBody: the hash of the body is a header too, which S3 demands of everybody.
    /// - Returns: the headers to send, as libcurl takes them.
    func headers(_ request: S3Request, at date: Date, signsBody: Bool = true) -> [String] {
        let stamp = AmazonDate.stamp(date)
        var headers = request.headers + [("host", request.host), ("x-amz-date", stamp)]
        if signsBody { headers.append(("x-amz-content-sha256", request.sha256.rawValue)) }
        if let token { headers.append(("x-amz-security-token", token.reveal())) }
        let signed = Self.canonical(headers)
        let names = signed.map(\.name).joined(separator: ";")
        let canonical = [
            request.method, request.path, request.queryText,
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names, request.sha256.rawValue,
        ].joined(separator: "\n")
        let scope = "\(stamp.prefix(8))/\(region)/\(service)/aws4_request"
        let text = [
            "AWS4-HMAC-SHA256", stamp, scope, ContentHash.of(Data(canonical.utf8)).rawValue,
        ].joined(separator: "\n")
        let signature = HMAC.sha256(Data(text.utf8), key: key(stamp.prefix(8)))
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(ContentHash(digest: signature).rawValue)"
        // The host is libcurl's own to send, from the same URL.
        return headers.filter { $0.0 != "host" }.map { "\($0.0): \($0.1)" }
            + ["Authorization: \(authorization)"]
    }

    private func key(_ day: Substring) -> [UInt8] {
        let secret = Array("AWS4\(secretKey.reveal())".utf8)
        return [String(day), region, service, "aws4_request"].reduce(secret) { key, part in
            HMAC.sha256(Data(part.utf8), key: key)
        }
    }

    /// Sorted by name; blanks within a value are one; several of one name are one.
    private static func canonical(
        _ headers: [(String, String)]
    ) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            let words = value.split(whereSeparator: \.isWhitespace)
            values[name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value.joined(separator: ",")) }
    }
}

/// One request before it is signed. What is signed and what goes over the wire are the same texts: path
/// and query are encoded here and nowhere again.
struct S3Request: Sendable {
    /// With letters and digits all that is not escaped: less than a URL would allow.
    private static let unreserved = "-._~"

    var method: String
    /// With the port, where it is not the scheme's own.
    var host: String
    /// Encoded.
    let path: String
    /// Encoded and sorted; empty for none.
    let queryText: String
    /// Without those that signing adds; names in lower case.
    var headers: [(String, String)]
    /// Of the body.
    var sha256: ContentHash

    /// - Parameters:
    ///   - path: absolute, as the key reads; S3 takes `..` and `//` for what they are.
    ///   - query: as they read.
    init(
        _ method: String, host: String, path: String, query: [(String, String)] = [],
        headers: [(String, String)] = [], sha256: ContentHash = Signing.empty
    ) {
        self.method = method
        self.host = host
        self.path = path.percentEncoded(keeping: "/\(Self.unreserved)")
        queryText =
            query.map { name, value in
                (
                    name.percentEncoded(keeping: Self.unreserved),
                    value.percentEncoded(keeping: Self.unreserved)
                )
            }.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        self.headers = headers
        self.sha256 = sha256
    }
}

enum AmazonDate {
    /// `20150830T123600Z`
    static func stamp(_ date: Date) -> String {
        let text = date.formatted(.iso8601)
        return text.filter { $0 != "-" && $0 != ":" }
    }

    /// `2010-11-10T20:48:33.000Z`, or without the fraction.
    static func date(_ text: String) -> Date? {
        let second = text.prefix { $0 != "." && $0 != "Z" }
        return try? Date("\(second)Z", strategy: .iso8601)
    }
}
