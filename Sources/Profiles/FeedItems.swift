package import Feeds
package import Foundation
package import Model

extension Profile {
    /// The product's entry in the feed. What identifies it is the SKU where the profile names no other.
    /// - Parameters:
    ///   - confirmed: slot → confirmed public URLs in the order of positions.
    ///   - now: not asked yet; the same moment as `want`'s.
    /// - Returns: failure with the first gate that keeps the product out of the edition.
    package func feedItem(
        for state: SKUState, confirmed: [String: [String]], at now: Date
    ) -> Result<FeedItem, Gate> {
        guard let feed else {
            let message = "'\(channel)' has no feed"
            return .failure(Gate(.channel, message, turn: "ops"))
        }
        if let gate = Gatekeeper(profile: self, state: state, now: now).productGates.first {
            return .failure(gate)
        }
        let templateValues = TemplateValues(
            values: ["sku": state.sku, "channel": channel], product: state.product, codes: codes)
        let filling = FeedFilling(values: templateValues, confirmed: confirmed)
        var fields: [FeedItem.Field] = []
        if feed.namesNoIdentity {
            fields.append(FeedItem.Field(feed.format.attributes.identity, state.sku))
        }
        for item in feed.items {
            if !item.optional, let loss = loss(of: item.source.slots, confirmed, state, at: now) {
                return .failure(loss)
            }
            do throws(FeedLack) {
                fields += try filling.values(of: item).map { FeedItem.Field(item.attribute, $0) }
            } catch {
                return .failure(error.gate)
            }
        }
        return .success(FeedItem(sku: state.sku, fields: fields))
    }

    /// Of the first slot without a picture that lost it.
    private func loss(
        of slots: [String], _ confirmed: [String: [String]], _ state: SKUState, at now: Date
    ) -> Gate? {
        slots.filter { confirmed[$0]?.isEmpty != false }.lazy
            .compactMap { loss(in: $0, state, at: now) }.first
    }

    /// The next moment at which an edition has to leave out what loses its rights while it may
    /// stand; nil: none.
    package func feedBoundary(_ state: SKUState, after now: Date) -> Date? {
        guard let feed else { return nil }
        return state.versions.map { licence(of: $0, at: now) }
            .filter { $0.loss == nil }
            .compactMap { $0.until?.addingTimeInterval(-feed.atLeastEvery) }
            .filter { $0 > now }.min()
    }

    /// Why nothing may stand in a slot: it is no lack of a picture where somebody took away the right.
    private func loss(in slot: String, _ state: SKUState, at now: Date) -> Gate? {
        guard let slot = slots.first(where: { $0.name == slot }) else { return nil }
        let versions = state.versions.filter { slot.takes($0.asset) }.sorted(by: Version.precedes)
        let losses = versions.map { licence(of: $0, at: now).loss }
        return losses.contains(nil) ? nil : losses.last ?? nil
    }
}
