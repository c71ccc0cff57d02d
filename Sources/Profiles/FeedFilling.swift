import Feeds
import Model

/// Why an attribute has no value.
struct FeedLack: Error {
    var gate: Gate
    /// What `?` forgives: something is not there. False where it is there and will not do.
    var isMissing: Bool
}

/// Fills what a profile says of each product with what is known of one.
struct FeedFilling {
    let values: TemplateValues
    /// Slot → confirmed public URLs in the order of positions.
    let confirmed: [String: [String]]

    func values(of item: Profile.Feed.Item) throws(FeedLack) -> [FeedValue] {
        try values(of: item.source, for: item, item.attribute)
    }

    /// - Parameter label: what it is called to people: `shipping.country`.
    private func values(
        of source: Profile.Feed.Item.Source, for item: Profile.Feed.Item, _ label: String
    ) throws(FeedLack) -> [FeedValue] {
        switch source {
        case .text(let template): return try text(template, for: item, label)
        case .slot(let slot): return try pictures(in: slot, for: item, label)
        case .group(let parts): return try group(parts, for: item, label)
        case .list(let sources):
            var values: [FeedValue] = []
            for source in sources { values += try self.values(of: source, for: item, label) }
            return values
        }
    }

    private func pictures(
        in slot: String, for item: Profile.Feed.Item, _ label: String
    ) throws(FeedLack) -> [FeedValue] {
        let addresses = confirmed[slot] ?? []
        if item.optional || !addresses.isEmpty {
            return addresses.map { .picture(FeedPicture($0, slot: slot)) }
        }
        let gate = Gate(
            .metadata,
            "'\(label)' needs a confirmed picture in slot '\(slot)', and there is none",
            place: item.place, turn: "sluice")
        throw FeedLack(gate: gate, isMissing: true)
    }

    private func text(
        _ template: Template, for item: Profile.Feed.Item, _ label: String
    ) throws(FeedLack) -> [FeedValue] {
        do throws(Gap) {
            return [.text(try values.fill(template))]
        } catch {
            let lack = item.lack(error, label)
            guard item.optional && lack.isMissing else { throw lack }
            return []
        }
    }

    /// Whole, or not at all where it may be missing.
    private func group(
        _ parts: [Profile.Feed.Item], for item: Profile.Feed.Item, _ label: String
    ) throws(FeedLack) -> [FeedValue] {
        var fields: [FeedItem.Field] = []
        do throws(FeedLack) {
            for part in parts {
                let values = try values(of: part.source, for: part, "\(label).\(part.attribute)")
                fields += values.map { FeedItem.Field(part.attribute, $0) }
            }
        } catch {
            guard item.optional && error.isMissing else { throw error }
            return []
        }
        return fields.isEmpty ? [] : [.group(fields)]
    }
}

extension Profile.Feed.Item {
    fileprivate func lack(_ gap: Gap, _ label: String) -> FeedLack {
        switch gap {
        case .missing(let what):
            FeedLack(
                gate: Gate(
                    .metadata, "'\(label)' needs \(what), and there is none", place: place,
                    turn: "ops",
                    next:
                        "add it to the product table, or write '\(attribute)?' where the format does "
                        + "not require it"),
                isMissing: true)
        case .unfit(let why, _):
            FeedLack(
                gate: Gate(.metadata, "'\(label)': \(why)", place: place, turn: "ops"),
                isMissing: false)
        }
    }
}
