import Bookkeeping
import Feeds
import Foundation
import Model
import Profiles

/// What has become of the pictures that an earlier edition names: which the channel has and may show, and
/// which it has not any more, or may not. Read side by side, since both are in the order of their SKUs.
struct PictureReview: Sendable {
    /// SKUs that are named.
    static let told = 10

    /// Names, folded.
    private(set) var there: Set<String> = []
    private(set) var gone: Set<String> = []
    /// All items; those that name a picture that is gone; those of them that cannot be without it.
    private(set) var all = 0
    private(set) var touched = 0
    private(set) var lost = 0
    /// Of the first that name one.
    private(set) var skus: [String] = []

    /// Blocks on ledger and disk.
    /// - Parameter path: of the edition.
    init(of path: String, on profile: Profile, _ feed: Profile.Feed, _ ledger: Ledger) throws {
        let fed = Set(feed.items.filter(\.namesPictures).map(\.attribute))
        let base = feed.imageBase ?? ""
        let items = try EditionPictures(path)
        var shelf = ServedPictures(profile: profile, ledger: ledger)
        while let (sku, pictures) = try items.next() {
            all += 1
            // Others are addresses that the product table gives.
            let ours = pictures.filter { fed.contains($0.attribute) || $0.address.hasPrefix(base) }
            guard !ours.isEmpty else { continue }
            let served = try shelf.names(of: sku)
            let names = ours.map { Publisher.pictureName($0.address, of: feed) }
            let isGone = names.map { !served.contains($0) }
            for (name, isGone) in zip(names, isGone) {
                if isGone { gone.insert(name) } else { there.insert(name) }
            }
            guard isGone.contains(true) else { continue }
            touched += 1
            if zip(ours, isGone).contains(where: { $0.isNeeded && $1 }) { lost += 1 }
            if skus.count < Self.told { skus.append(sku) }
        }
    }
}

/// The pictures of one product after the other that are proven on a channel and may be shown there, also
/// those that nobody asks for any more.
private struct ServedPictures {
    private static let size = 100
    let profile: Profile
    let ledger: Ledger
    private var page: ArraySlice<LiveProduct> = []
    private var last = ""
    private var isEnded = false

    init(profile: Profile, ledger: Ledger) {
        (self.profile, self.ledger) = (profile, ledger)
    }

    /// - Parameter sku: after that of the last call.
    /// - Returns: folded.
    mutating func names(of sku: String) throws(LedgerError) -> Set<String> {
        while true {
            page = page.drop { $0.sku.utf8.lexicographicallyPrecedes(sku.utf8) }
            if let product = page.first { return product.sku == sku ? names(of: product) : [] }
            guard !isEnded else { return [] }
            let read = try ledger.liveProducts(
                channel: profile.channel, after: last, limit: Self.size, lingering: true)
            isEnded = read.count < Self.size
            last = read.last?.sku ?? last
            page = read[...]
        }
    }

    private func names(of product: LiveProduct) -> Set<String> {
        guard let state = product.state else { return [] }
        let now = ledger.now()
        let served = product.images.filter { image in
            let licence = profile.licence(of: image.version, as: image.key, in: state, at: now)
            return licence.map { $0.loss == nil } ?? false
        }
        return Set(served.map(\.name.folded))
    }
}
