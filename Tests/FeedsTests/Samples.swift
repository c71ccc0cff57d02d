import Feeds
import Foundation

extension FeedFormat {
    /// One that is shipped, its head answered.
    static func sample(_ name: String) throws -> FeedFormat {
        guard var format = try FeedFormats.shipped.named(name) else { throw Missing(name: name) }
        format.answer(
            [
                "title": "Kontor", "link": "https://shop.example.com/",
                "description": "All & everything",
            ])
        return format
    }

    private struct Missing: Error { var name: String }
}

extension Staging {
    func stage(
        _ items: [FeedItem], _ outline: FeedOutline? = nil
    ) throws(FeedError) -> Staged {
        var rest = items.makeIterator()
        return try stage(outline ?? .of(items)) { rest.next() }
    }
}

extension FeedOutline {
    static func of(_ items: [FeedItem]) -> FeedOutline {
        items.reduce(into: FeedOutline()) { $0.add($1) }
    }

    func needing(_ name: String) -> FeedOutline {
        var outline = self
        outline.need(name)
        return outline
    }
}

extension FeedItem {
    /// An item with nothing wrong with it.
    static func sample(
        _ sku: String, also: [Field] = [], without: String? = nil
    ) -> FeedItem {
        // An address cannot hold all that an id can.
        let plain = sku.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let fields: [Field] = [
            .init("id", sku), .init("title", "Mug"), .init("description", "A mug"),
            .init("link", "https://shop.example.com/p/\(plain)"),
            .picture("image_link", plain),
            .init("price", "19.99 EUR"), .init("availability", "in_stock"),
        ]
        return FeedItem(sku: sku, fields: fields.filter { $0.name != without } + also)
    }
}

extension FeedItem.Field {
    static func picture(_ attribute: String, _ name: String) -> Self {
        Self(attribute, .picture(FeedPicture("https://img.example.com/\(name).jpg")))
    }
}

/// A program of somebody else's.
enum Outside {
    /// What it prints; an error where it fails.
    static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let (output, question) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = output
        process.standardInput = question
        try process.run()
        try question.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try question.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Refused(text: text) }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    struct Refused: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }
}
