import Glibc
import Host
package import Model
import XML

/// RSS 2.0 with Google's attributes: read by Google Merchant Center, and by Pinterest, TikTok, Bing
/// and Kelkoo. `title`, `link` and `description` are RSS's own elements, the rest is `g:`.
package enum GoogleRSS {
    static let namespace = "http://base.google.com/ns/1.0"
    static let native: Set<String> = ["title", "link", "description"]
    /// Fields whose loss or change would be a wrong product or a wrong picture.
    static let identifying: Set<String> = ["id", "image_link", "additional_image_link"]

    /// Names an item's fields may have, for the checks of whoever reads profiles.
    package static var attributes: Set<String> { Set(GoogleAttribute.all.keys) }

    /// What Google would refuse the item for; empty when it may go out. A field with an empty text
    /// counts as absent.
    package static func check(_ item: FeedItem) -> [FeedFault] {
        var faults: [FeedFault] = []
        var seen: [String: Int] = [:]
        for field in item.fields where !field.isEmpty {
            seen[field.name, default: 0] += 1
            guard let attribute = GoogleAttribute.all[field.name] else {
                faults.append(unknown(field.name))
                continue
            }
            if let fault = attribute.fault(field) { faults.append(fault) }
            if seen[field.name] == attribute.most + 1 {
                faults.append(
                    FeedFault(
                        field.name, .repeated,
                        "'\(field.name)' may be given \(attribute.most) times at most"))
            }
        }
        return faults + missing(item, seen)
    }

    private static func missing(_ item: FeedItem, _ seen: [String: Int]) -> [FeedFault] {
        var faults = GoogleAttribute.required.filter { seen[$0] == nil }.map {
            FeedFault($0, .missing, "'\($0)' is missing")
        }
        if let availability = item.fields.first(where: { $0.name == "availability" })?.text,
            ["preorder", "backorder"].contains(availability), seen["availability_date"] == nil
        {
            faults.append(
                FeedFault(
                    "availability_date", .missing,
                    "'availability_date' is missing; availability '\(availability)' needs it"))
        }
        return faults
    }

    private static func unknown(_ name: String) -> FeedFault {
        if GoogleAttribute.nested.contains(name) {
            return FeedFault(
                name, .notBuilt, "'\(name)' has parts of its own, and those cannot be written yet")
        }
        let guess = Spelling.nearest(to: name, among: GoogleAttribute.all.keys)
        return FeedFault(
            name, .unknown,
            "'\(name)' is no attribute of this format"
                + (guess.map { "; did you mean '\($0)'?" } ?? ""))
    }
}

extension FeedItem.Field {
    var isEmpty: Bool { text.allSatisfy(\.isWhitespace) }
}

extension GoogleRSS {
    /// The document while it is written.
    struct Document: ~Copyable {
        private var writer: Writer

        init(descriptor: Int32, head: FeedHead) throws(XMLFault) {
            var writer = try Writer(descriptor: descriptor)
            try writer.start("rss")
            try writer.attribute("version", "2.0")
            try writer.attribute("xmlns:g", GoogleRSS.namespace)
            try writer.start("channel")
            try writer.element("title", head.title)
            try writer.element("link", head.link)
            try writer.element("description", head.description)
            self.writer = writer
        }

        mutating func add(_ item: FeedItem) throws(XMLFault) {
            try writer.start("item")
            for field in item.fields where !field.isEmpty {
                let name = GoogleRSS.native.contains(field.name) ? field.name : "g:\(field.name)"
                try writer.element(name, field.text)
            }
            try writer.end()
        }

        /// - Returns: characters that were dropped.
        consuming func finish() throws(XMLFault) -> Int { try writer.finish() }
    }

    /// Reads a document of this format for what it says, whoever wrote it.
    static func read(_ descriptor: Int32) throws(XMLFault) -> Contents {
        var contents = Contents()
        try read(descriptor, item: { contents.startItem() }, field: { contents.add($0, $1) })
        return contents
    }

    /// The items of an edition that was staged before, one after the other, with all their fields.
    struct Items: ~Copyable {
        private var reader: Reader
        private var depth = 0
        private let file: OpenFile

        init(_ path: String) throws {
            let file = try OpenFile.open(path, O_RDONLY)
            reader = try Reader(descriptor: file.descriptor)
            self.file = file
        }

        mutating func next() throws -> FeedItem? {
            var item: FeedItem?
            var text = ""
            while let piece = try reader.next() {
                switch piece {
                case .start(let name):
                    depth += 1
                    text = ""
                    if depth == 3, name == Reader.Name("item") {
                        item = FeedItem(sku: "", fields: [])
                    }
                case .text(let more): text += more
                case .end(let name):
                    depth -= 1
                    if depth == 3 { item?.fields.append(FeedItem.Field(name.local, text)) }
                    if depth == 2, let item { return item }
                }
            }
            return nil
        }
    }

    static func ids(_ descriptor: Int32, _ each: (String) -> Void) throws(XMLFault) {
        try read(descriptor, item: {}, field: { if $0 == "id" { each($1) } })
    }

    /// - Parameters:
    ///   - item: one begins.
    ///   - field: name and text of one that identifies.
    private static func read(
        _ descriptor: Int32, item: () -> Void, field: (String, String) -> Void
    ) throws(XMLFault) {
        var reader = try Reader(descriptor: descriptor)
        var text = ""
        var depth = 0
        while let piece = try reader.next() {
            switch piece {
            case .start(let name):
                depth += 1
                text = ""
                // rss, channel, item: an item elsewhere is not one.
                if depth == 3, name == Reader.Name("item") { item() }
            case .text(let more): text += more
            case .end(let name):
                if depth == 4, name.namespace == namespace, identifying.contains(name.local) {
                    field(name.local, text)
                }
                depth -= 1
            }
        }
    }
}
