import Feeds
import Model
import YAML

/// Reads what a feed says of each product, attribute by attribute, as its format knows them.
struct FeedItemsReader {
    let reader: Reader
    /// Nil where the profile names none that there is: then any attribute will do.
    let format: FeedFormat?
    let slots: [String]
    let scope: TemplateScope

    func item(_ entry: Node.Entry) -> Profile.Feed.Item? {
        let (name, optional) = entry.attribute
        var attribute: FeedAttribute?
        if let format {
            attribute = format.attributes.all[name]
            guard attribute != nil else {
                report(entry, unknown: name, in: format)
                return nil
            }
        }
        guard let source = source(entry.value, entry.key, attribute) else { return nil }
        return Profile.Feed.Item(
            attribute: name, source: source, optional: optional, place: entry.value.place)
    }

    /// What the format wants of every item, and no item of this profile would ever have: all products
    /// would be left out.
    func reportLacking(_ entries: [Node.Entry], _ place: Place) {
        guard let format else { return }
        for names in format.attributes.lacking(Set(entries.map(\.attribute.name))) {
            let what = names.map { "'\($0)'" }.joined(separator: " or ")
            let which = names.count == 1 ? "which" : "one of which"
            reader.report(
                place,
                "'items' needs \(what), \(which) \(format.name) wants of every item: write "
                    + "'\(proposal(names[0], format.attributes.all[names[0]]))'",
                code: "missing-key")
        }
    }

    private func proposal(_ name: String, _ attribute: FeedAttribute?) -> String {
        if attribute?.isPicture == true { return "\(name): slot:\(slots.first ?? "NAME")" }
        guard let parts = attribute?.parts else { return "\(name): \(column(for: name))" }
        let needed = parts.filter(\.isRequired).map { "\($0.name): \(column(for: $0.name))" }
        return "\(name): {\(needed.joined(separator: ", "))}"
    }

    private func column(for name: String) -> String {
        let columns = scope.productColumns
        let column =
            columns.isEmpty ? name.lowercased() : Spelling.nearest(to: name, among: columns)
        return "\"{product.\(column ?? "COLUMN")}\""
    }

    private func report(_ entry: Node.Entry, unknown name: String, in format: FeedFormat) {
        if format.attributes.notBuilt.contains(name) {
            return reader.report(notBuilt: "'\(name)'", entry.place)
        }
        let hint = Spelling.hint(to: name, among: format.attributes.all.keys)
        reader.report(
            entry.place, "\(format.name) has no attribute '\(name)'\(hint)", code: "unknown-key")
    }

    private func source(
        _ node: Node, _ label: String, _ attribute: FeedAttribute?
    ) -> Profile.Feed.Item.Source? {
        guard let nodes = node.items, attribute.map({ $0.most > 1 }) ?? true else {
            return single(node, label, attribute)
        }
        let sources = nodes.compactMap { single($0, label, attribute) }
        return sources.count == nodes.count ? .list(sources) : nil
    }

    private func single(
        _ node: Node, _ label: String, _ attribute: FeedAttribute?
    ) -> Profile.Feed.Item.Source? {
        if let parts = attribute?.parts { return group(node, label, parts) }
        guard let text = node.text, text.hasPrefix("slot:") else {
            return scope.template(node, label, reader).map { .text($0) }
        }
        return slot(String(text.dropFirst("slot:".count)), at: node.place, label, attribute)
    }

    // MARK: Pictures

    private func slot(
        _ name: String, at place: Place, _ label: String, _ attribute: FeedAttribute?
    ) -> Profile.Feed.Item.Source? {
        guard slots.contains(name) else {
            let hint = Spelling.hint(to: name, among: slots)
            reader.report(place, "there is no slot '\(name)'\(hint)", code: "unknown-slot")
            return nil
        }
        guard attribute?.isPicture != false else {
            // Nobody would take it out when the picture has to go.
            reader.report(
                place, "'\(label)' takes a text; 'slot:' is for addresses of pictures",
                code: "bad-value")
            return nil
        }
        return .slot(name)
    }

    // MARK: Groups

    private func group(
        _ node: Node, _ label: String, _ parts: [FeedAttribute.Part]
    ) -> Profile.Feed.Item.Source? {
        reader.mapping(node, "'\(label)'") { keys in
            let entries = keys.others()
            let items = entries.compactMap { part($0, of: label, parts) }
            for part in parts where part.isRequired {
                if entries.contains(where: { $0.attribute.name == part.name }) { continue }
                reader.report(node.place, "'\(label)' needs '\(part.name)'", code: "missing-key")
            }
            return items.count == entries.count ? .group(items) : nil
        } ?? nil
    }

    private func part(
        _ entry: Node.Entry, of label: String, _ parts: [FeedAttribute.Part]
    ) -> Profile.Feed.Item? {
        let (name, optional) = entry.attribute
        guard parts.contains(where: { $0.name == name }) else {
            let hint = Spelling.hint(to: name, among: parts.map(\.name))
            reader.report(
                entry.place, "'\(label)' has no part '\(name)'\(hint)", code: "unknown-key")
            return nil
        }
        guard let template = scope.template(entry.value, entry.key, reader) else { return nil }
        return Profile.Feed.Item(
            attribute: name, source: .text(template), optional: optional,
            place: entry.value.place)
    }
}

extension Node.Entry {
    /// `brand?` may be missing.
    fileprivate var attribute: (name: String, optional: Bool) {
        key.hasSuffix("?") ? (String(key.dropLast()), true) : (key, false)
    }
}
