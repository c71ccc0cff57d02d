import Feeds
import Foundation
import Model
import Transports
import YAML

struct FeedReader {
    let keys: Keys
    let formats: FeedFormats
    let transports: TransportRegistry
    let base: Destination?
    let title: String
    let slots: [Profile.Slot]
    let scope: TemplateScope
    /// False for a revision that was in force.
    let isNew: Bool

    func feed(at node: Node) -> Profile.Feed? {
        let before = keys.reader.problems.count
        let kind = format()
        let format = kind?.answered(keys, title: title)
        let file = keys.required("file", Self.fileName)
        let destination = DestinationReader(transports, keys, base: base)
            .destination(optional: true)
        if base?.hand != nil, keys.node("to") == nil {
            keys.reader.report(
                keys.place,
                "where a person does the last step, nobody can say that a feed is published: write 'to', "
                    + "where this one goes by itself", code: "missing-key")
        }
        let imageBase = keys.optional("image_base", .publicAddress)
        let items = items(kind)
        checkBase(imageBase, items)
        let (quiet, atLeastEvery) = publish()
        let drop = keys.optional("drop", .share) ?? 0.05
        let verdicts = keys.mapping("verdicts", "'verdicts'") { keys in
            VerdictsReader(keys: keys, destination: destination).verdicts()
        }
        // Whose they are, nobody knows.
        if kind == nil { _ = keys.others() }
        guard let format, let file, keys.reader.problems.count == before else { return nil }
        return Profile.Feed(
            format: format, ownFormats: formats.own(behind: format.name), file: file,
            destination: destination,
            imageBase: imageBase.map { $0.hasSuffix("/") ? $0 : $0 + "/" }, items: items,
            drop: drop, quiet: quiet, atLeastEvery: atLeastEvery, verdicts: verdicts ?? nil,
            place: node.place)
    }

    /// Of those that there are; what is wrong in its own file is told with the profile's mistakes.
    private func format() -> FeedFormat? {
        let names = formats.names.map { ($0, $0) }
        guard let name = keys.required("format", .choice(names)) else { return nil }
        do throws(Problems) {
            return try formats.named(name)
        } catch {
            keys.reader.report(error)
            return nil
        }
    }

    private static let fileName = Shape<RemoteName>(expects: "a file name such as products.xml") {
        $0.contains("/") ? nil : RemoteName(rawValue: $0)
    }

    private func publish() -> (quiet: TimeInterval, atLeastEvery: TimeInterval) {
        let read = keys.mapping("publish", "'publish'") { keys in
            (
                keys.optional("quiet", .duration) ?? 600,
                keys.optional("at_least_every", .duration) ?? 86_400
            )
        }
        return read ?? (600, 86_400)
    }

    private func checkBase(_ imageBase: String?, _ items: [Profile.Feed.Item]) {
        guard imageBase == nil, keys.node("image_base") == nil else { return }
        guard items.contains(where: { !$0.source.slots.isEmpty }) else { return }
        keys.reader.report(
            keys.place,
            "the feed names pictures, so it needs 'image_base', the public address "
                + "below which they are found", code: "missing-key")
    }

    private func items(_ format: FeedFormat?) -> [Profile.Feed.Item] {
        guard keys.requiredNode("items") != nil else { return [] }
        let reading = FeedItemsReader(
            reader: keys.reader, format: format, slots: slots.map(\.name), scope: scope)
        return keys.mapping("items", "'items'") { keys in
            let entries = keys.others()
            if isNew { reading.reportLacking(entries, keys.place) }
            return entries.compactMap { reading.item($0) }
        } ?? []
    }
}
