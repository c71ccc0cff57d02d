package import Foundation
package import Model

extension Profile {
    /// The product's entry in the feed. `id` is the SKU where the profile names no other.
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
        var fields: [FeedItem.Field] = []
        if !feed.items.contains(where: { $0.attribute == "id" }) {
            fields.append(FeedItem.Field("id", state.sku))
        }
        for item in feed.items {
            if case .slot(let slot) = item.source, !item.optional,
                confirmed[slot]?.isEmpty != false, let loss = loss(in: slot, state, at: now)
            {
                return .failure(loss)
            }
            switch item.values(templateValues, confirmed) {
            case .success(let texts): fields += texts.map { FeedItem.Field(item.attribute, $0) }
            case .failure(let gate): return .failure(gate)
            }
        }
        return .success(FeedItem(sku: state.sku, fields: fields))
    }
}

extension Profile {
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

extension Profile.Feed.Item {
    fileprivate func values(
        _ templateValues: TemplateValues, _ confirmed: [String: [String]]
    ) -> Result<[String], Gate> {
        switch source {
        case .slot(let slot):
            let urls = confirmed[slot] ?? []
            if optional || !urls.isEmpty { return .success(urls) }
            return .failure(
                Gate(
                    .metadata,
                    "'\(attribute)' needs a confirmed picture in slot '\(slot)', and there is none",
                    place: place, turn: "sluice"))
        case .text(let template):
            do throws(Gap) {
                return .success([try templateValues.fill(template)])
            } catch {
                return optional && error.isMissing ? .success([]) : .failure(gate(for: error))
            }
        }
    }

    private func gate(for gap: Gap) -> Gate {
        switch gap {
        case .missing(let what):
            Gate(
                .metadata, "'\(attribute)' needs \(what), and there is none", place: place,
                turn: "ops", next: "add it to the product table, or write '\(attribute)?'")
        case .unfit(let why, _):
            Gate(.metadata, "'\(attribute)': \(why)", place: place, turn: "ops")
        }
    }
}

extension Gap {
    fileprivate var isMissing: Bool { if case .missing = self { true } else { false } }
}
