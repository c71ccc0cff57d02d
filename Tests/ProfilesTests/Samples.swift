import Foundation
import Model
import Profiles

/// Files beside the tests, and the shipped profiles.
enum Samples {
    private static var here: URL { URL(filePath: #filePath).deletingLastPathComponent() }

    static var channels: String {
        here.appending(path: "../../channels").standardizedFileURL.path(percentEncoded: false)
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: here.appending(path: path), encoding: .utf8)
    }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: here.appending(path: folder).path(percentEncoded: false)
        ).filter { $0.hasSuffix(".yaml") }.sorted()
    }

    static func shipped() throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: channels)
            .filter { $0.hasSuffix(".yaml") }
        return try names.reduce(into: [:]) { library, name in
            library[String(name.dropLast(5))] = try text("../../channels/\(name)")
        }
    }
}

extension Vocabulary {
    static var sample: Vocabulary {
        Vocabulary(
            views: [
                (name: "front", aliases: ["vorne", "f"]), (name: "back", aliases: ["hinten"]),
                (name: "left", aliases: []), (name: "right", aliases: []),
                (name: "detail", aliases: []), (name: "lifestyle", aliases: []),
            ], zone: TimeZone(identifier: "Europe/Berlin") ?? .gmt,
            productColumns: [
                "sku", "asin", "gtin", "status", "title", "description", "link", "price",
                "availability", "brand",
            ])
    }
}
