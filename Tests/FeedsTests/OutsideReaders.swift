import Foundation
import Host
import Model
import Testing

@testable import Feeds

/// What programs of other people find in documents of shipped formats is what was given: feedparser for
/// feeds that are read as such, lxml and expat for every tree, a JSON Schema for every line of JSON.
@Suite(.timeLimit(.minutes(5))) final class OutsideReaders {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "outside-\(UUID().uuidString)"
        try Files.makeDirectory(directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private static func has(_ module: String) -> Bool {
        (try? Outside.run("/usr/bin/python3", ["-c", "import \(module)"])) != nil
    }

    private func python(_ script: String, _ arguments: [String]) throws -> String {
        try Outside.run("/usr/bin/python3", ["-c", script] + arguments)
    }

    /// The items of a format's own tests, as documents.
    private func documents(_ name: String) throws -> (paths: [String], format: FeedFormat) {
        var format = try #require(try FeedFormats.shipped.named(name))
        let test = try #require(format.tests.first { $0.refused == nil })
        format.answerForTests()
        format.answer(test.head)
        let path = "\(directory)/1.\(name).\(format.ending)"
        let staged = try Staging(path: path, format: format).stage(test.items)
        #expect(staged.edition.items == test.items.count)
        return (EditionParts.files(path) + [path], format)
    }

    // MARK: Feeds

    @Test(
        .enabled(if: has("feedparser"), "takes the Debian package 'python3-feedparser'"),
        arguments: ["google-rss", "google-atom"])
    func aFeedReaderFindsTheItems(name: String) throws {
        let texts = ["Müller & Söhne", "5\" pan, \"best\"", "👟 עברית"]
        let items = texts.enumerated().map { number, text in
            FeedItem.sample("A\(number)", also: [.init("brand", text)])
        }
        let path = "\(directory)/1.\(name).xml"
        _ = try Staging(path: path, format: try .sample(name)).stage(items)
        let script = """
            import feedparser, json, sys
            feed = feedparser.parse(sys.argv[1])
            assert not feed.bozo, feed.bozo_exception
            names = ['g_id', 'title', 'link', 'g_image_link', 'g_price', 'g_availability', 'g_brand']
            print(json.dumps([[feed.version, feed.feed.title]] +
                [[entry.get(name) for name in names] for entry in feed.entries]))
            """
        let found = try JSONDecoder().decode(
            [[String?]].self, from: Data(try python(script, [path]).utf8))
        #expect(found.first == [name == "google-rss" ? "rss20" : "atom10", "Kontor"])
        let meant = texts.enumerated().map { number, text -> [String?] in
            [
                "A\(number)", "Mug", "https://shop.example.com/p/A\(number)",
                "https://img.example.com/A\(number).jpg", "19.99 EUR", "in_stock", text,
            ]
        }
        #expect(Array(found.dropFirst()) == meant)
    }

    // MARK: Trees

    static let trees = FeedFormats.shipped.names.filter { name in
        guard case .xml = (try? FeedFormats.shipped.named(name))??.document else { return false }
        return true
    }

    /// Two parsers that share nothing understand the same, and the schema holds for the second too.
    @Test(
        .enabled(if: has("lxml"), "takes the Debian package 'python3-lxml'"), arguments: trees)
    func twoParsersUnderstandTheSame(name: String) throws {
        let script = """
            import sys, xml.etree.ElementTree as expat
            from lxml import etree
            path, schema = sys.argv[1:]
            strict = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False,
                remove_comments=True, remove_pis=True)
            tree = etree.parse(path, strict)
            if schema: etree.XMLSchema(etree.parse(schema)).assertValid(tree)
            def all_of(root):
                return [(e.tag, e.text, e.tail, sorted(e.attrib.items())) for e in root.iter()]
            mine, other = all_of(tree.getroot()), all_of(expat.parse(path).getroot())
            assert mine == other, [pair for pair in zip(mine, other) if pair[0] != pair[1]][:3]
            print(len(mine))
            """
        let (paths, format) = try documents(name)
        let folder = URL(filePath: #filePath).deletingLastPathComponent().path
        for (number, path) in paths.enumerated() {
            let isBeside = number < format.beside.count
            let schema =
                (isBeside ? format.beside[number] : format).schema
                .map { "\(folder)/../../channels/feeds/\($0)" } ?? ""
            #expect(Int(try python(script, [path, schema])) ?? 0 > 1, "\(path)")
        }
    }

    // MARK: Lines

    private static let text = #"{"type": "string", "minLength": 1}"#
    private static let address = #"{"type": "string", "pattern": "^https?://[!-~]+$"}"#

    /// By hand, and apart from the formats' own rules: what the channels ask for and which types it has.
    private static let schemas = [
        "openai": """
        {"type": "object", "additionalProperties": false,
         "required": ["item_id", "title", "description", "url", "brand", "image_url", "price",
            "availability", "seller_name", "seller_url", "target_countries", "store_country",
            "is_eligible_search", "is_eligible_checkout"],
         "properties": {
            "item_id": \(text), "title": \(text), "description": \(text), "brand": \(text),
            "seller_name": \(text), "url": \(address), "image_url": \(address),
            "seller_url": \(address), "store_country": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "target_countries": {"type": "array", "minItems": 1,
                "items": {"type": "string", "pattern": "^[A-Z]{2}$"}},
            "additional_image_urls": {"type": "array", "minItems": 1, "items": \(address)},
            "price": {"type": "string", "pattern": "^[0-9]+([.][0-9]{2})? [A-Z]{3}$"},
            "availability": {"enum":
                ["in_stock", "out_of_stock", "pre_order", "backorder", "unknown"]},
            "is_eligible_search": {"type": "boolean"}, "is_eligible_checkout": {"type": "boolean"},
            "variant": {"type": "array", "items": {"type": "object", "additionalProperties": false,
                "required": ["name", "value"], "properties": {"name": \(text), "value": \(text)}}}}}
        """,
        "amazon-json": """
        {"type": "object", "additionalProperties": false, "required": ["header", "messages"],
         "properties": {
            "header": {"type": "object", "additionalProperties": false,
                "required": ["sellerId", "version"], "properties": {
                "sellerId": \(text), "version": {"const": "2.0"},
                "issueLocale": {"type": "string", "pattern": "^[a-z]{2}_[A-Z]{2}$"}}},
            "messages": {"type": "array", "minItems": 1, "items": {"type": "object",
                "additionalProperties": false,
                "required": ["messageId", "sku", "operationType", "productType", "attributes"],
                "properties": {
                    "messageId": {"type": "integer", "minimum": 1},
                    "sku": \(text), "productType": \(text),
                    "operationType": {"enum": ["UPDATE", "PARTIAL_UPDATE", "PATCH", "DELETE"]},
                    "requirements": {"enum":
                        ["LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"]},
                    "attributes": {"type": "object", "minProperties": 1, "additionalProperties":
                        {"type": "array", "minItems": 1, "items": {"type": "object"}}}}}}}}
        """,
    ]

    @Test func everyFormatOfLinesHasASchema() throws {
        let lines = try FeedFormats.shipped.names.filter { name in
            guard case .lines = try FeedFormats.shipped.named(name)?.document else { return false }
            return true
        }
        #expect(Set(lines) == Set(Self.schemas.keys))
    }

    @Test(
        .enabled(if: has("jsonschema"), "takes the Debian package 'python3-jsonschema'"),
        arguments: schemas.keys.sorted())
    func theSchemaHolds(name: String) throws {
        let script = """
            import gzip, json, jsonschema, sys
            path, packed, whole, schema = sys.argv[1:]
            def once(pairs):
                assert len({name for name, _ in pairs}) == len(pairs), pairs
                return dict(pairs)
            judge = jsonschema.Draft202012Validator(json.loads(schema))
            judge.check_schema(judge.schema)
            text = (gzip.open if packed == '1' else open)(path, 'rb').read().decode('utf-8')
            all = [text] if whole == '1' else text.strip('\\n').split('\\n')
            for one in all: judge.validate(json.loads(one, object_pairs_hook=once))
            print(len(all))
            """
        let (paths, format) = try documents(name)
        guard case .lines(let lines) = format.document else { return }
        let count = try python(
            script,
            [
                try #require(paths.last), format.isPacked ? "1" : "0",
                lines.list == nil ? "0" : "1", try #require(Self.schemas[name]),
            ])
        #expect(Int(count) == 1)
    }
}
