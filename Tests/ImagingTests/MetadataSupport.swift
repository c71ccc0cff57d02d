import Foundation
import Model
import PictureSupport
import Testing

@testable import Imaging

/// The reference for metadata, from another hand than the libraries under test.
enum ExifTool {
    struct Failure: Error {
        let output: String
    }

    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/exiftool")

    @discardableResult
    static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/exiftool")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(output: String(decoding: data, as: UTF8.self))
        }
        return data
    }

    static func write(_ path: String, _ fields: [String]) throws {
        try run(["-q", "-m", "-overwrite_original"] + fields.map { "-\($0)" } + [path])
    }

    /// Group and name of everything that is metadata, rather than format, with its value.
    static func read(_ path: String) throws -> [String: String] {
        let data = try run(["-j", "-n", "-a", "-G1", "-struct", path])
        let list = try JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        let format = [
            "ExifTool", "System", "File", "JFIF", "PNG", "PNG-pHYs", "RIFF", "QuickTime", "Meta",
            "Composite", "GIF", "IFD0", "SourceFile", "Adobe", "ICC-header", "ICC_Profile",
            "ICC-view", "ICC-meas",
        ]
        return (list?.first ?? [:])
            .filter { key, _ in !format.contains(String(key.prefix { $0 != ":" })) }
            .mapValues { value in
                (value as? [Any])?.map { "\($0)" }.joined(separator: ", ") ?? "\(value)"
            }
    }
}

/// The formats that can hold metadata, and how a test makes one of each.
struct Container: CustomTestStringConvertible {
    let saver: String
    let file: String
    let format: ImageFormat

    static let all = [
        Container(saver: "jpegsave", file: "a.jpg", format: .jpeg),
        Container(saver: "pngsave", file: "a.png", format: .png),
        Container(saver: "webpsave", file: "a.webp", format: .webp),
        Container(saver: "tiffsave", file: "a.tif", format: .tiff),
        Container(saver: "heifsave", file: "a.avif", format: .avif),
        Container(saver: "heifsave", file: "a.heic", format: .heic),
    ]

    var testDescription: String { format.rawValue }

    func draw(in folder: Folder, _ packet: Data? = nil) throws {
        let drawing = try Drawing(64, 48, color: [200, 100, 50])
        try (packet.map(drawing.described) ?? drawing).save(
            saver, to: folder[file], format == .avif ? ["compression": "av1"] : [:])
    }
}

/// A packet around some fields, as the toolkits write it.
func packet(_ fields: String, before: String = "", namespaces: String = "") -> Data {
    Data(
        """
        \(before)<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
        xmlns:dc="http://purl.org/dc/elements/1.1/" \
        xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" \
        xmlns:pur="http://prismstandard.org/namespaces/prismusagerights/2.1/" \
        xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" \(namespaces)>\(fields)\
        </rdf:Description></rdf:RDF></x:xmpmeta>
        """.utf8)
}
