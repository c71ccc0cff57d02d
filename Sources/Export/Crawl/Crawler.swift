import Curl
import Foundation
import Model
import Synchronization
import Wire

/// Fetches a picture as a channel's crawler would, who knows nothing but its address: under his name, by
/// HEAD and then by GET, along no redirect, as far as the host's robots.txt lets him. What would make him
/// refuse it is said in his terms.
final class Crawler: Sendable {
    /// Seconds; crawlers wait less.
    private static let deadlines = Deadlines(connect: 10, slow: 20, slowBytes: 1 << 10, total: 60)
    /// RFC 9309 asks for at least so many.
    private static let redirects = 5

    /// A file that is live, and where the channel is told to fetch it.
    struct Picture: Sendable {
        var name: RemoteName
        var url: String
        var sha256: ContentHash
        var bytes: Int64
        var format: ImageFormat
        var size: PixelSize?
        /// The channel keeps other bytes than it was given.
        var transforms: Transformation?
    }

    let agent: String
    private let allowPrivate: Bool
    private let session = Session(name: "crawler")
    /// By origin; of one visit there are few.
    private let robots = Mutex<[String: Result<Robots?, CurlFailure>]>([:])

    init(agent: String, allowPrivate: Bool) {
        (self.agent, self.allowPrivate) = (agent, allowPrivate)
    }

    func close() async { await session.close() }

    func visit(_ picture: Picture) async -> [CrawlAnswer.Finding] {
        var findings: [CrawlAnswer.Finding] = []
        func say(_ says: String, isSure: Bool = true) {
            findings.append(
                .init(name: picture.name.rawValue, url: picture.url, says: says, isSure: isSure))
        }
        do throws(CurlFailure) {
            if let refusal = try await refusal(by: picture.url) {
                say(refusal)
                return findings
            }
            if let refusal = Self.refusal(of: try await ask(.head, picture.url, .keep(limit: 0))) {
                // Some crawlers begin with it, and none has to.
                say("HEAD " + refusal, isSure: false)
            }
            let reading = Reading(
                limit: picture.transforms == nil ? picture.bytes : Transformation.most)
            let response = try await ask(.get, picture.url, .stream(reading.take))
            if let refusal = Self.refusal(of: response) {
                // Firewalls know some crawlers by their addresses, and we have another.
                say("it " + refusal, isSure: ![401, 403, 429].contains(response.status))
            } else {
                Self.compare(reading, response, picture).forEach { say($0) }
            }
        } catch {
            let sure: [CurlFailure.Code] = [.untrustedPeer, .privateAddress, .refusedByCaller]
            say(Self.words(error), isSure: sure.contains(error.code))
        }
        return findings
    }

    // MARK: What was got

    /// The first bytes and the hash of a body, as far as it can be the expected one.
    private final class Reading: Sendable {
        private struct State {
            var head = Data()
            var hasher = SHA256()
            var bytes: Int64 = 0
        }

        private let state = Mutex(State())
        private let limit: Int64

        init(limit: Int64) { self.limit = limit + 64 << 10 }

        func take(_ data: Data) -> Bool {
            state.withLock { state in
                state.head += data.prefix(PictureHead.most - state.head.count)
                state.hasher.update(data)
                state.bytes += Int64(data.count)
                return state.bytes <= limit
            }
        }

        var picture: PictureHead? { state.withLock { PictureHead($0.head) } }
        var what: String { state.withLock { ForeignFile($0.head).name } }
        var bytes: Int64 { state.withLock(\.bytes) }
        var sha256: ContentHash {
            state.withLock { ContentHash(digest: $0.hasher.finalize()) }
        }
    }

    private static func compare(
        _ got: Reading, _ response: Response, _ picture: Picture
    ) -> [String] {
        guard let head = got.picture else {
            return ["it is \(got.what), not a picture: a page that says 200 is taken for one"]
        }
        let format = head.format
        var faults: [String] = []
        let type = (response.headers["content-type"] ?? "").prefix { $0 != ";" }
            .trimmingCharacters(in: .whitespaces).lowercased()
        if type != format.mediaType {
            faults.append(
                "it is \(format.rawValue) and is said to be "
                    + (type.isEmpty ? "nothing at all" : "'\(type.prefix(100))'")
                    + ": the server's 'Content-Type' must be '\(format.mediaType)'")
        }
        let ending = picture.name.rawValue.split(separator: ".").last.map { $0.lowercased() } ?? ""
        // What a channel makes of it goes on under its name.
        if picture.transforms?.format == nil,
            ImageFormat.allCases.contains(where: { $0.extensions.contains(ending) }),
            !format.extensions.contains(ending)
        {
            faults.append("it is \(format.rawValue), and its name ends in '.\(ending)'")
        }
        if let transforms = picture.transforms {
            if let fault = transforms.fault(in: head, of: picture.size) { faults.append(fault) }
        } else if got.sha256 != picture.sha256 {
            faults.append(
                "it is not what was delivered (\(got.bytes) bytes, SHA-256 '\(got.sha256.short)…', in "
                    + "place of \(picture.bytes), '\(picture.sha256.short)…'): a cache that keeps an "
                    + "older one, or a host that converts pictures")
        }
        return faults
    }

    /// Nil for a good answer.
    private static func refusal(of response: Response) -> String? {
        switch response.status {
        case 200: nil
        case 300..<400:
            "is sent on (\(response.status)) to '\((response.location ?? "nowhere").withoutSecrets.prefix(200))', and "
                + "redirects of pictures are not followed: the feed must name the address itself"
        case 401, 403:
            "is refused (\(response.status)): the host, or a firewall before it, must let the crawler in"
        case 404, 410:
            "is not found (\(response.status)): does the address point where 'to' puts files?"
        case 429: "is refused (429): the host must let the crawler ask more often"
        default: "is answered with \(response.status)"
        }
    }

    private static func words(_ failure: CurlFailure) -> String {
        switch failure.code {
        case .untrustedPeer:
            "the host's certificate is not one that crawlers trust: \(failure.message)"
        case .privateAddress:
            "its address is a private one, which no crawler reaches (and neither does this check "
                + "without 'allow_private: true')"
        case .refusedByCaller: "it is far longer than what was delivered"
        case .timedOut: "it takes longer than crawlers wait: \(failure.message)"
        default: "the host does not answer: \(failure.message)"
        }
    }

    // MARK: Robots

    private func refusal(by url: String) async throws(CurlFailure) -> String? {
        let (origin, path) = Self.parts(url)
        let known = robots.withLock { $0[origin] }
        let found: Result<Robots?, CurlFailure>
        if let known {
            found = known
        } else {
            do throws(CurlFailure) {
                found = .success(try await readRobots(of: origin))
            } catch {
                found = .failure(error)
            }
            robots.withLock { $0[origin] = found }
        }
        guard let rules = try found.get() else {
            return
                "'\(origin)/robots.txt' cannot be had, and crawlers take that for 'fetch nothing': "
                + "it must be there, or be answered with 404"
        }
        guard rules.allows(path) else {
            return "'\(origin)/robots.txt' forbids it to '\(agent)'"
        }
        return nil
    }

    /// - Returns: nil where the host forbids all by not giving it out.
    private func readRobots(of origin: String) async throws(CurlFailure) -> Robots? {
        var url = origin + "/robots.txt"
        for _ in 0...Self.redirects {
            let response = try await ask(
                .get, url, .beginning(Robots.most, limit: 8 * Int64(Robots.most)))
            switch response.status {
            case 200..<300:
                return Robots(String(decoding: response.body, as: UTF8.self), for: agent)
            case 300..<400:
                // Not on to another host, which may be one of our own network.
                guard let next = response.location, Self.host(of: next) == Self.host(of: origin)
                else {
                    return Robots("", for: agent)
                }
                url = next
            case 429, 500...: return nil
            default: return Robots("", for: agent)
            }
        }
        return Robots("", for: agent)
    }

    private static func parts(_ url: String) -> (origin: String, path: String) {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let slash = url[start...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        let path = url[slash...].prefix { $0 != "#" }
        return (String(url[..<slash]), path.hasPrefix("/") ? String(path) : "/\(path)")
    }

    /// With its port where one is told.
    private static func host(of url: String) -> Substring? {
        let origin = parts(url).origin
        return origin.firstRange(of: "://").map { origin[$0.upperBound...] }
    }

    func ask(
        _ method: Transfer.Method, _ url: String, _ sink: Transfer.Sink
    ) async throws(CurlFailure) -> Response {
        var transfer = Transfer(method, url)
        transfer.headers = ["User-Agent: \(agent)"]
        transfer.allowPrivate = allowPrivate
        transfer.deadlines = Self.deadlines
        transfer.sink = sink
        return try await session.perform(transfer)
    }
}
