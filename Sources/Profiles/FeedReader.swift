import Foundation
import Model
import Transports
import YAML

struct FeedReader {
    let keys: Keys
    let transports: TransportRegistry
    let base: Destination?
    let title: String
    let slots: [Profile.Slot]
    let scope: TemplateScope

    func feed(at node: Node) -> Profile.Feed? {
        let before = keys.reader.problems.count
        let format = keys.required(
            "format",
            .choice(
                [("google-rss", Profile.Feed.Format.googleRSS)],
                notBuilt: ["google-atom", "google-tsv", "meta", "ebay-mip", "bmecat", "sitemap"]))
        let file = keys.required("file", Self.fileName)
        let destination = DestinationReader(transports, keys, base: base)
            .destination(optional: true)
        let imageBase = keys.optional("image_base", Self.publicURL)
        let title = keys.optional("title", .text) ?? title
        let link = keys.required("link", Self.publicURL)
        let description = keys.optional("description", .text) ?? title
        let items = items()
        checkBase(imageBase, items)
        let (quiet, atLeastEvery) = publish()
        let drop = keys.optional("drop", .share) ?? 0.05
        guard let format, let file, let link, keys.reader.problems.count == before else {
            return nil
        }
        return Profile.Feed(
            format: format, file: file, destination: destination,
            imageBase: imageBase.map { $0.hasSuffix("/") ? $0 : $0 + "/" }, title: title,
            link: link, description: description, items: items, drop: drop, quiet: quiet,
            atLeastEvery: atLeastEvery, place: node.place)
    }

    private static let fileName = Shape<RemoteName>(expects: "a file name such as products.xml") {
        $0.contains("/") ? nil : RemoteName(rawValue: $0)
    }

    private static let publicURL = Shape<String>(
        expects: "a public address such as https://img.example.com/img/"
    ) { text in
        let isPublic = text.hasPrefix("https://") || text.hasPrefix("http://")
        let rest = text.drop { $0 != ":" }.dropFirst(3)
        let fits = text.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && !"\"<>\\^`{|}?#".utf8.contains($0)
        }
        return isPublic && fits && !rest.isEmpty && !rest.hasPrefix("/") ? text : nil
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
        let named = items.contains { if case .slot = $0.source { true } else { false } }
        guard named else { return }
        keys.reader.report(
            keys.place,
            "the feed names pictures, so it needs 'image_base', the public address "
                + "below which they are found", code: "missing-key")
    }

    // MARK: Items

    private func items() -> [Profile.Feed.Item] {
        guard keys.requiredNode("items") != nil else { return [] }
        return keys.mapping("items", "'items'") { keys in
            keys.others().compactMap { item($0) }
        } ?? []
    }

    private func item(_ entry: Node.Entry) -> Profile.Feed.Item? {
        let optional = entry.key.hasSuffix("?")
        let attribute = optional ? String(entry.key.dropLast()) : entry.key
        guard GoogleNames.all.contains(attribute) else {
            let hint = Spelling.hint(to: attribute, among: GoogleNames.all)
            keys.reader.report(
                entry.place, "google-rss has no attribute '\(attribute)'\(hint)",
                code: "unknown-key")
            return nil
        }
        guard let source = source(entry.value, entry.key) else { return nil }
        return Profile.Feed.Item(
            attribute: attribute, source: source, optional: optional, place: entry.value.place)
    }

    private func source(_ node: Node, _ label: String) -> Profile.Feed.Item.Source? {
        guard let text = node.text, text.hasPrefix("slot:") else {
            return scope.template(node, label, keys.reader).map { .text($0) }
        }
        let name = String(text.dropFirst("slot:".count))
        if slots.contains(where: { $0.name == name }) { return .slot(name) }
        let hint = Spelling.hint(to: name, among: slots.map(\.name))
        keys.reader.report(node.place, "there is no slot '\(name)'\(hint)", code: "unknown-slot")
        return nil
    }
}

/// Names of the attributes of Google's product data specification (answer 7052112 and
/// products_common.proto in googleapis/googleapis; seen November 2026), those without elements of
/// their own inside. Only names: what a value must look like is the feed's business.
enum GoogleNames {
    static let all: [String] = """
        id title description link image_link mobile_link canonical_link link_template
        mobile_link_template ads_redirect lifestyle_image_link virtual_model_link
        additional_image_link video_link availability availability_date expiration_date
        disclosure_date price sale_price sale_price_effective_date cost_of_goods_sold
        auto_pricing_min_price maximum_retail_price unit_pricing_measure
        unit_pricing_base_measure product_length product_width product_height product_weight
        shipping_weight shipping_length shipping_width shipping_height brand gtin mpn
        identifier_exists google_product_category product_type product_highlight item_group_id
        condition adult multipack is_bundle age_group color gender material pattern size size_type
        size_system energy_efficiency_class min_energy_efficiency_class
        max_energy_efficiency_class custom_label_0 custom_label_1 custom_label_2 custom_label_3
        custom_label_4 ads_grouping ads_labels promotion_id excluded_destination
        included_destination shopping_ads_excluded_country shipping_label transit_time_label
        return_policy_label external_seller_id tax_category store_code pickup_method pickup_sla
        ships_from_country pause min_handling_time max_handling_time
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
