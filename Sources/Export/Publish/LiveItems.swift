import Bookkeeping
import Feeds
import Foundation
import Model
import Profiles

/// The items of a feed: products with confirmed images, read a page at a time while the feed is
/// written. Blocks on the ledger: for the lane that writes.
struct LiveItems {
    /// Products read at a time.
    private static let size = 100
    let profile: Profile
    let feed: Profile.Feed
    let ledger: Ledger
    let now: Date
    /// Is told of each picture that an item names.
    private let naming: (RemoteName) throws -> Void
    /// SKUs of those that are left out because their rights end while the edition stands.
    var excused: Set<String> = []
    /// Left out, and not in the ledger yet.
    private var omitted: [(sku: String, gate: Gate)] = []
    private var page: ArraySlice<LiveProduct> = []
    private var last = ""
    private var ended = false
    /// Of all others what the edition before says still stands; nil: everything is asked about.
    private var changed: ArraySlice<String>?

    /// - Parameter changed: the only products to ask about, in the order of their bytes; nil: all.
    init(
        profile: Profile, feed: Profile.Feed, ledger: Ledger, now: Date,
        among changed: [String]? = nil, naming: @escaping (RemoteName) throws -> Void = { _ in }
    ) {
        (self.profile, self.feed, self.ledger, self.now) = (profile, feed, ledger, now)
        self.naming = naming
        self.changed = changed?[...]
    }

    mutating func next() throws -> FeedItem? {
        while true {
            while page.isEmpty {
                guard !ended else { return nil }
                page = try read()[...]
            }
            if let item = try item(page.removeFirst()) { return item }
        }
    }

    private mutating func read() throws -> [LiveProduct] {
        guard let left = changed else {
            let read = try ledger.liveProducts(
                channel: profile.channel, after: last, limit: Self.size)
            ended = read.count < Self.size
            last = read.last?.sku ?? last
            return read
        }
        let some = left.prefix(Self.size)
        changed = left.dropFirst(Self.size)
        ended = left.count <= Self.size
        return try ledger.liveProducts(channel: profile.channel, among: some)
    }

    private mutating func item(_ product: LiveProduct) throws -> FeedItem? {
        guard let state = product.state else {
            let gate = Gate(
                .metadata, "its record in the ledger is damaged", turn: "ops",
                next: "mend the ledger or bring back a snapshot, then: sluice reload")
            return try omit(product.sku, gate)
        }
        let lasting = product.images.filter { outlivesEdition($0, of: state) }
        let standing = singled(lasting)
        switch profile.feedItem(for: state, confirmed: addresses(of: standing), at: now) {
        case .success(let item):
            for image in standing { try naming(image.name) }
            return item
        case .failure(let gate):
            guard lasting.count < product.images.count else { return try omit(product.sku, gate) }
            let whole = profile.feedItem(
                for: state, confirmed: addresses(of: product.images), at: now)
            if case .failure(let other) = whole { return try omit(product.sku, other) }
            excused.insert(product.sku)
            return try omit(product.sku, endsSoon(product, state))
        }
    }

    private func addresses(of images: [LiveProduct.Image]) -> [String: [String]] {
        images.reduce(into: [:]) { urls, image in
            urls[image.slot, default: []].append((feed.imageBase ?? "") + image.name.rawValue)
        }
    }

    private func endsSoon(_ product: LiveProduct, _ state: SKUState) -> Gate {
        let ends = product.images.compactMap {
            profile.licence(of: $0.version, as: $0.key, in: state, at: now)?.until
        }.min()
        let minutes = Int((feed.atLeastEvery / 60).rounded(.up))
        let stands =
            minutes < 120
            ? Amount.count(minutes, "minute")
            : Amount.count(Int((Double(minutes) / 60).rounded(.up)), "hour")
        return Gate(
            .rights,
            "a picture it needs may be used until "
                + "\(ends.map { $0.plain(in: profile.zone) } ?? "soon") only, and an edition may stand "
                + "for \(stands) ('at_least_every'): it is left out before", turn: "approver",
            next: "nothing, or a longer licence beside the picture")
    }

    // MARK: What stays out

    /// An item the format would refuse.
    mutating func omit(_ omission: Staged.Omission) throws {
        let attributes = omission.faults.map(\.attribute)
        let gate = Gate(
            .metadata, omission.faults.map(\.message).joined(separator: "; "),
            place: feed.items.first { attributes.contains($0.attribute) }?.place, turn: "ops",
            next: "mend its row in the product table, or the feed's 'items' in the profile")
        _ = try omit(omission.sku, gate)
    }

    private mutating func omit(_ sku: String, _ gate: Gate) throws -> FeedItem? {
        omitted.append((sku, gate))
        if omitted.count == Self.size { try recordOmitted() }
        return nil
    }

    /// Tells the ledger what is left out; once more after the last item.
    mutating func recordOmitted() throws {
        guard !omitted.isEmpty else { return }
        try ledger.omit(omitted, channel: profile.channel, edition: now.edition)
        omitted = []
    }

    /// An edition may stand for `at_least_every`: what loses its rights before is left out.
    private func outlivesEdition(_ image: LiveProduct.Image, of state: SKUState) -> Bool {
        guard
            let licence = profile.licence(
                of: image.version, as: image.key, in: state, at: now)
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

extension Date {
    /// Marks what the making of an edition at this moment leaves out.
    var edition: Int64 { Int64(timeIntervalSince1970 * 1000) }
}
