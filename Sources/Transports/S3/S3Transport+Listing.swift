import Curl
import Foundation
import Model

extension S3Transport: ListingTransport {
    /// Of a page: a thousand keys of a kilobyte, three times that where all is escaped.
    private static let page = 4 << 20
    /// Of a thousand keys each: a service that has always one more is not listened to for ever.
    private static let mostPages = 10_000

    package func strangers(
        _ search: StrangerSearch
    ) async throws(DeliveryError) -> Strangers {
        let prefix = options.prefix + search.folder
        let attempt = Attempt(verb: "list", name: search.folder, address: options.address)
        var strangers = Strangers([], questions: 0)
        var token: String?
        repeat {
            guard search.goesOn() else {
                throw DeliveryError(
                    "the listing was not wanted any longer", remedy: .retry(after: nil),
                    origin: .ended)
            }
            let root = try await page(prefix, token, attempt)
            strangers.questions += 1
            strangers.names += Self.leaves(root, below: prefix).filter(search.finds)
                .prefix(search.most - strangers.names.count)
            let next = root.text("NextContinuationToken")
            // A service that goes round in a circle is at its end.
            token = root.text("IsTruncated") == "true" && next != token ? next : nil
        } while token != nil && strangers.questions < Self.mostPages
        return strangers
    }

    private func page(
        _ prefix: String, _ token: String?, _ attempt: Attempt
    ) async throws(DeliveryError) -> S3Element {
        var ask = S3Ask(
            .get, nil,
            query: [
                ("list-type", "2"), ("prefix", prefix), ("delimiter", "/"),
                ("encoding-type", "url"),
            ] + (token.map { [("continuation-token", $0)] } ?? []))
        ask.sink = .keep(limit: Self.page)
        ask.bytes = Int64(Self.page)
        let answer = try await bucket.perform(ask, attempt)
        guard answer.status == 200 else { throw attempt.error(answer, options, now: bucket.now) }
        guard let root = S3Element(answer.response.body), root.name == "ListBucketResult" else {
            throw attempt.error(
                "the service lists nothing; does 'endpoint' point to an S3 service?", .fixProfile)
        }
        return root
    }

    /// Of keys and of the folders among them, as far as they can be read.
    private static func leaves(_ root: S3Element, below prefix: String) -> [String] {
        let keys = root.all("Contents").compactMap { $0.text("Key") }
        let folders = root.all("CommonPrefixes").compactMap { $0.text("Prefix")?.dropLast() }
        return (keys + folders.map(String.init)).compactMap { text in
            guard let key = text.removingPercentEncoding, key.hasPrefix(prefix),
                key.count > prefix.count
            else { return nil }
            return String(key.dropFirst(prefix.count))
        }
    }
}
