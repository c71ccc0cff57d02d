import Bookkeeping
import Curl
import Foundation
import Model
import Profiles
import Synchronization

// Whether what must not be public any more is still given out at its public address, by a cache that nobody
// told. Asked once where it is gone, and again until it is.
extension Courier {
    /// Seconds after which an address that still gave it out is asked again.
    private static let again = 3600.0
    /// And after which one of which nobody could say anything is asked no more.
    private static let longest = 7 * 86_400.0

    /// What is to be asked for now, and when the next is.
    func withdrawnToAsk(
        _ now: Date
    ) async throws(LedgerError) -> (due: [WithdrawnFile], next: Date) {
        let all = try await context.ledger.withdrawn(from: channel)
        func next(_ file: WithdrawnFile) -> Date {
            file.askedAt?.addingTimeInterval(Self.again) ?? .distantPast
        }
        return (
            all.filter { next($0) <= now },
            all.map(next).filter { $0 > now }.min() ?? .distantFuture
        )
    }

    /// Nil where nobody is tried, or nobody knows where it was given out.
    func withdrawn(_ delivery: Delivery) -> WithdrawnFile? {
        guard delivery.urgent, delivery.heldKey != nil || delivery.touched,
            let profile = context.active.profile(channel), profile.fetch?.daily ?? 0 > 0,
            let url = publicAddress(delivery, profile)
        else { return nil }
        return WithdrawnFile(
            name: delivery.name.rawValue, url: url, goneAt: context.ledger.now())
    }

    func publicAddress(_ delivery: Delivery, _ profile: Profile) -> String? {
        let url = profile.publicBase.map { $0 + delivery.name.rawValue } ?? delivery.object?.url
        return url.flatMap { $0.hasPrefix("http://") || $0.hasPrefix("https://") ? $0 : nil }
    }

    func ask(_ files: [WithdrawnFile], by crawler: Crawler) async throws(LedgerError) {
        for var file in files where !stopping.withLock(\.self) && !Task.isCancelled {
            context.heartbeat.beat(.transfer, channel, number: -1)
            let isThere = await crawler.finds(file.url)
            file.askedAt = context.ledger.now()
            let isOld = file.goneAt.addingTimeInterval(Self.longest) < context.ledger.now()
            let wasThere = file.isThere
            file.isThere = isThere ?? wasThere
            try await context.ledger.record(
                file, isOver: isThere == false || isThere == nil && !file.isThere && isOld,
                isNews: file.isThere && !wasThere, of: channel)
        }
    }
}

extension Crawler {
    /// Bytes that are taken of what is given out where nothing should be.
    private static let enough: Int64 = 256 << 10

    /// Whether a picture is given out there; nil: nobody could say.
    func finds(_ url: String) async -> Bool? {
        do throws(CurlFailure) {
            let response = try await ask(
                .get, url, .beginning(ImageFormat.head, limit: Self.enough))
            return switch response.status {
            // A page that says that there is none is none.
            case 200..<300: ImageFormat.recognise(response.body) != nil
            case 404, 410: false
            // It may lie where that leads, or be given to others.
            default: nil
            }
        } catch {
            // Longer than that, or slower: by its first bytes it is a picture all the same.
            let isPicture = ImageFormat.recognise(error.body) != nil
            return (200..<300).contains(error.httpStatus) && isPicture ? true : nil
        }
    }
}
