import Feeds
import Foundation
import Model
import Transports
import YAML

/// Reads a whole profile. Every part is read even when another is wrong, so that all mistakes are
/// told at once.
struct ProfileReader {
    let file: String
    let text: String
    let library: [String: String]
    let vocabulary: Vocabulary
    let reader: Reader

    func profile(_ root: Node) -> Profile? {
        reader.mapping(root, "a profile") { keys in profile(keys, root) } ?? nil
    }

    private func profile(_ keys: Keys, _ root: Node) -> Profile? {
        keys.notBuilt("unsure", "archive")
        let channel = keys.required("channel", .word)
        let state = keys.required("state", Shape<Profile.State>.choice())
        let title = keys.optional("title", .text) ?? channel ?? ""
        let codes = codes(keys)
        let (nodes, renditions) = renditions(keys)
        let scope = TemplateScope(
            fields: TemplateScope.nameFields, productColumns: vocabulary.productColumns,
            codes: codes, views: [])
        let slots = SlotReader(
            keys: keys, vocabulary: vocabulary, formats: formats(nodes), scope: scope
        ).slots()
        let rules = keys.items("rules").compactMap {
            RuleReader.read(
                $0, zone: vocabulary.zone, renditions: nodes.keys.sorted(), reader)
        }
        RuleValidator(reader: reader).check(rules, renditions.values.sorted { $0.name < $1.name })
        let delivery = delivery(keys, needed: state != .draft)
        let feed = feed(keys, delivery.destination, title, slots, scope)
        let fetch = fetch(keys, feed, delivery.destination)
        let tests = keys.items("tests").compactMap {
            TestReader(vocabulary: vocabulary, reader: reader).test($0)
        }
        let select = select(keys)
        let market = keys.list("market", Self.market)
        let supersede = keys.optional("supersede", Shape<Profile.Supersede>.choice())
        let first = keys.optional("first", .integer(1...1_000_000))
        let limits = limits(keys)
        guard let channel, let state else { return nil }
        return Profile(
            channel: channel, title: title, state: state, file: file, text: text,
            revision: revision(root, nodes, feed), market: market, select: select, slots: slots,
            renditions: renditions, rules: rules, destination: delivery.destination,
            oldStays: delivery.oldStays, supersede: supersede ?? .whenPassed, first: first,
            feed: feed, fetch: fetch, limits: limits, tests: tests, codes: codes,
            zone: vocabulary.zone,
            places: ["channel": keys.place("channel"), "market": keys.place("market")])
    }

    // MARK: What belongs there

    private static let market = Shape<String>(
        expects: "country codes of two capital letters, or EU"
    ) { text in
        Market.isCode(text) ? text : nil
    }

    private func select(_ keys: Keys) -> Profile.Select {
        var select = Profile.Select(
            kinds: ["image"], audiences: ["public"], product: [:], places: [:])
        _ = keys.mapping("select", "'select'") { keys in
            if keys.node("kind") != nil { select.kinds = keys.list("kind", .text) }
            if keys.node("audience") != nil { select.audiences = keys.list("audience", .text) }
            for key in ["kind", "audience"] where keys.node(key) != nil {
                select.places[key] = keys.place(key)
            }
            for entry in keys.others(prefix: "product.") { condition(entry, &select) }
        }
        return select
    }

    private func condition(_ entry: Node.Entry, _ select: inout Profile.Select) {
        let known = vocabulary.productColumns
        let column = String(entry.key.dropFirst("product.".count))
        guard known.isEmpty || known.contains(column) else {
            let hint = Spelling.hint(to: column, among: known)
            reader.report(
                entry.place, "the products have no column '\(column)'\(hint)",
                code: "unknown-field")
            return
        }
        let nodes = entry.value.items ?? [entry.value]
        select.product[column] = nodes.compactMap { reader.read($0, entry.key, .text) }
        select.places[entry.key] = entry.value.place
    }

    private func codes(_ keys: Keys) -> [String: [String: String]] {
        var tables: [String: [String: String]] = [:]
        _ = keys.mapping("codes", "'codes'") { keys in
            for entry in keys.others() {
                guard !Template.filters.contains(entry.key) else {
                    reader.report(
                        entry.place, "'\(entry.key)' is a built-in; name the table differently",
                        code: "bad-value")
                    continue
                }
                tables[entry.key] = table(entry.value, entry.key)
            }
        }
        return tables
    }

    private func table(_ node: Node, _ name: String) -> [String: String] {
        reader.mapping(node, "a table of codes") { keys in
            var table: [String: String] = [:]
            for entry in keys.others() {
                checkView(entry.key, entry.place)
                table[entry.key] = reader.read(entry.value, entry.key, .text)
            }
            return table
        } ?? [:]
    }

    private func checkView(_ view: String, _ place: Place) {
        if let message = vocabulary.fault(inView: view) {
            reader.report(place, message, code: "unknown-view")
        }
    }

    // MARK: Renditions

    /// The merged nodes besides what was read from them, for the revision.
    private func renditions(_ keys: Keys) -> ([String: Node], [String: Profile.Rendition]) {
        var nodes: [String: Node] = [:]
        var renditions: [String: Profile.Rendition] = [:]
        guard keys.requiredNode("renditions") != nil else { return (nodes, renditions) }
        _ = keys.mapping("renditions", "'renditions'") { keys in
            let entries = keys.others()
            var inheritance = Inheritance(
                renditions: entries, file: file, library: library, reader: reader)
            for entry in entries {
                guard let node = inheritance.resolve(entry) else { continue }
                nodes[entry.key] = node
                renditions[entry.key] = RenditionReader.read(node, name: entry.key, reader)
            }
            for entry in entries where nodes[entry.key] == nil { nodes[entry.key] = entry.value }
        }
        return (nodes, renditions)
    }

    /// Also of renditions that could not be read, so that a slot is not blamed for them.
    private func formats(_ nodes: [String: Node]) -> [String: ImageFormat?] {
        nodes.mapValues { node in node["format"]?.text.flatMap(ImageFormat.init) }
    }

    /// Of the meaning: comments, quotes, order of keys and where an inherited key stood are not
    /// part of it; the zone is, since it decides what a bare date means.
    private func revision(
        _ root: Node, _ renditions: [String: Node], _ feed: Profile.Feed?
    ) -> ContentHash {
        let entries = (root.entries ?? []).map { entry in
            guard entry.key == "renditions" else { return entry }
            var merged = entry
            merged.value.content = .mapping(
                renditions.map { Node.Entry(key: $0, place: entry.place, value: $1) })
            return merged
        }
        let meaning = Node(place: root.place, content: .mapping(entries)).canonical
        // The formats of the program change with it, and what they write is compared by its bytes.
        let format = feed.map { vocabulary.formats.isOwn($0.format.name) ? $0.format.meaning : "" }
        let text = vocabulary.zone.identifier + meaning + (format ?? "")
        return ContentHash.of(Data(text.utf8))
    }

    // MARK: Where it goes

    private func delivery(
        _ keys: Keys, needed: Bool
    ) -> (destination: Destination?, oldStays: TimeInterval) {
        let usual: TimeInterval = 14 * 86_400
        if needed, keys.requiredNode("deliver") == nil { return (nil, usual) }
        return keys.mapping("deliver", "'deliver'") { keys in
            let stays = keys.optional("old_stays", .duration) ?? usual
            let patrol = keys.optional("patrol", Self.patrol)
            let transforms = keys.optional("transforms", .transformation)
            let reader = DestinationReader(vocabulary.transports, keys)
            var destination = reader.destination(optional: false)
            if let patrol { destination?.patrol = patrol }
            destination?.transforms = transforms ?? nil
            return (destination, stays)
        } ?? (nil, usual)
    }

    private static let patrol = Shape<Int>(
        expects: "a rate such as 360/h, or never"
    ) { text in
        if text == "never" { return 0 }
        guard text.hasSuffix("/h"), let number = Units.integer(String(text.dropLast(2))),
            (1...1_000_000).contains(number)
        else { return nil }
        return number
    }

    private func feed(
        _ keys: Keys, _ base: Destination?, _ title: String, _ slots: [Profile.Slot],
        _ scope: TemplateScope
    ) -> Profile.Feed? {
        guard let node = keys.node("feed") else { return nil }
        var scope = scope
        scope.fields = TemplateScope.feedFields
        return keys.mapping("feed", "'feed'") { keys in
            FeedReader(
                keys: keys, formats: vocabulary.formats, transports: vocabulary.transports,
                base: base, title: title, slots: slots, scope: scope,
                isNew: !vocabulary.isRecalling
            ).feed(at: node)
        } ?? nil
    }

    private static let agent = Shape<String>(
        expects: "a crawler's name such as Googlebot-Image/1.0"
    ) { text in
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isPlain && (1...200).contains(text.utf8.count) ? text : nil
    }

    private func fetch(
        _ keys: Keys, _ feed: Profile.Feed?, _ destination: Destination?
    ) -> Profile.Fetch? {
        keys.mapping("fetch", "'fetch'") { own in
            let daily = own.optional("daily", .integer(0...1000)) ?? 5
            let isGoogles = feed?.format.name.hasPrefix("google") == true
            let agent =
                isGoogles
                ? own.optional("agent", Self.agent) ?? "Googlebot-Image/1.0"
                : own.required("agent", Self.agent)
            let places = ["file", "sftp", "ftp", "ftps", "ftpes", "http", "https"]
            if feed?.imageBase == nil, let scheme = destination?.address.scheme,
                places.contains(scheme)
            {
                keys.reader.report(
                    keys.place("fetch"),
                    "'fetch' wants the public address of the pictures: 'image_base' in 'feed'",
                    code: "missing-key")
            }
            return agent.map { Profile.Fetch(agent: $0, daily: daily) }
        } ?? nil
    }

    private func limits(_ keys: Keys) -> Profile.Limits {
        var limits = Profile.Limits()
        _ = keys.mapping("limits", "'limits'") { keys in
            limits.withdraw = keys.optional("withdraw", .share) ?? limits.withdraw
            limits.replace = keys.optional("replace", .share) ?? limits.replace
            limits.atLeast = keys.optional("at_least", .integer(0...1_000_000)) ?? limits.atLeast
            limits.per = keys.optional("per", .duration) ?? limits.per
        }
        return limits
    }
}

extension Vocabulary {
    /// Why `view` is not one of ours; nil when it is, or when there is no vocabulary.
    func fault(inView view: String) -> String? {
        if views.isEmpty || views.contains(where: { $0.name == view }) { return nil }
        if let entry = views.first(where: { $0.aliases.contains(view) }) {
            return "'\(view)' is another word for '\(entry.name)'; profiles use '\(entry.name)'"
        }
        let names = views.map(\.name)
        let hint = Spelling.hint(to: view, among: names)
        return "there is no view '\(view)'"
            + (hint.isEmpty ? "; there are \(names.joined(separator: ", "))" : hint)
    }
}
