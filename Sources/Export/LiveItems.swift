import Bookkeeping
import Channels
import Foundation
import Model

/// The items of a feed: products with confirmed images, read a page at a time while the feed is
/// written. Blocks on the ledger: for the lane that writes.
struct LiveItems {
    /// Products read at a time.
    private static let size = 100
    /// Omissions that are told one by one.
    private static let told = 100

    let profile: Profile
    let feed: Profile.Feed
    let ledger: Ledger
    let now: Date
    var images: [RemoteName] = []
    var excused = 0
    var omissions: [(sku: String, reason: String)] = []
    private var page: ArraySlice<LiveProduct> = []
    private var last = ""
    private var ended = false

    init(profile: Profile, feed: Profile.Feed, ledger: Ledger, now: Date) {
        (self.profile, self.feed, self.ledger, self.now) = (profile, feed, ledger, now)
    }

    mutating func next() throws -> FeedItem? {
        while true {
            if page.isEmpty {
                guard !ended else { return nil }
                let read = try ledger.liveProducts(
                    channel: profile.channel, after: last, limit: Self.size)
                ended = read.count < Self.size
                last = read.last?.sku ?? last
                page = read[...]
                if page.isEmpty { return nil }
            }
            if let item = item(page.removeFirst()) { return item }
        }
    }

    private mutating func item(_ product: LiveProduct) -> FeedItem? {
        guard let dossier = product.dossier else {
            return omit(product.sku, "its record in the ledger is damaged")
        }
        let lasting = product.images.filter { outlivesEdition($0, of: dossier) }
        let standing = singled(lasting)
        var urls: [String: [String]] = [:]
        for image in standing {
            urls[image.slot, default: []].append((feed.imageBase ?? "") + image.name.rawValue)
        }
        let shelf = dossier.shelf(
            holding: dossier.deliveries.filter { $0.channel == profile.channel })
        switch profile.feedItem(for: shelf, confirmed: urls, at: now) {
        case .success(let item):
            images += standing.map(\.name)
            return item
        case .failure(let gate):
            if lasting.count < product.images.count { excused += 1 }
            return omit(product.sku, gate.message)
        }
    }

    private mutating func omit(_ sku: String, _ reason: String) -> FeedItem? {
        if omissions.count < Self.told { omissions.append((sku, reason)) }
        return nil
    }

    /// An edition may stand for `at_least_every`: what loses its rights before is left out.
    private func outlivesEdition(_ image: LiveProduct.Image, of dossier: Dossier) -> Bool {
        guard
            let licence = dossier.licence(
                of: image.version, as: image.key, on: profile, at: now)
        else { return false }
        return licence.lasts(until: now.addingTimeInterval(feed.atLeastEvery))
    }

    /// While one picture takes the place of another both are there: an edition names the newer.
    private func singled(_ images: [LiveProduct.Image]) -> [LiveProduct.Image] {
        images.filter { image in
            let slot = profile.slots.first { $0.name == image.slot }
            return !images.contains { other in
                other.slot == image.slot && other.name != image.name
                    && other.confirmedAt > image.confirmedAt
                    && (other.asset == image.asset || slot?.takesAll == false)
            }
        }
    }
}
