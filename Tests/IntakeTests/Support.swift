import Foundation
import Host
import Model
import Testing

@testable import Intake

/// A spool and a state directory of its own for one test, gone with it.
final class Scratch: Sendable {
    let path: String
    var spool: String { path + "/spool" }
    var masters: String { path + "/masters" }
    var quarantine: String { path + "/quarantine" }

    init() {
        path = NSTemporaryDirectory() + "sluice-intake-\(UUID().uuidString)"
        mkdir(path, 0o700)
        mkdir(path + "/spool", 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes below the spool, making directories on the way.
    @discardableResult
    func write(_ data: Data, _ name: String) throws -> String {
        let file = spool + "/" + name
        try Files.makeDirectory(String(file[..<file.lastIndex(of: "/")!]))
        try Files.write(data, to: file, mode: 0o644, durable: false)
        return file
    }

    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
        try write(Data(text.utf8), name)
    }

    /// A name of any bytes, in the spool itself.
    func write(_ data: Data, bytes name: [UInt8]) {
        let path = Array(spool.utf8) + [UInt8(ascii: "/")] + name + [0]
        let descriptor = path.map { CChar(bitPattern: $0) }
            .withUnsafeBufferPointer { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
        #expect(descriptor >= 0)
        data.withUnsafeBytes { #expect(Glibc.write(descriptor, $0.baseAddress, $0.count) > 0) }
        close(descriptor)
    }

    /// Everything in the spool with its bytes: to see that nothing was touched.
    func contents() throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: spool) {
            found[name] = FileManager.default.contents(atPath: spool + "/" + name)
        }
        return found
    }

    func settings(
        naming: String? = nil, depth: Int = 8, maxBytes: Int64 = 2 << 30
    ) throws -> SpoolSettings {
        SpoolSettings(
            path: spool,
            views: try Views([("front", ["vorne", "f"]), ("back", []), ("detail", [])]),
            naming: try naming.map { try NamePattern($0) },
            zone: TimeZone(identifier: "Europe/Berlin") ?? .gmt, maxBytes: maxBytes, depth: depth)
    }

    func all(_ settings: SpoolSettings? = nil) throws -> [Candidate] {
        try scanned(settings).candidates
    }

    func scanned(
        _ settings: SpoolSettings? = nil
    ) throws -> (candidates: [Candidate], notes: Walk.Notes) {
        var found: [Candidate] = []
        let notes = try Spool(settings ?? self.settings()).scan { found += $0 }
        return (found.sorted { $0.path < $1.path }, notes)
    }

    /// The candidate of that name, read.
    func read(
        _ path: String, _ settings: SpoolSettings? = nil
    ) throws -> Result<Declaration, Rejection> {
        let settings = try settings ?? self.settings()
        let candidate = try #require(try all(settings).first { $0.path == path })
        return Spool(settings).read(candidate)
    }
}

enum Picture {
    /// The head of a JPEG file; intake reads no further.
    static let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0])
    static let png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13])

    static func jpeg(_ filling: String) -> Data { jpeg + Data(filling.utf8) }
}

extension Result where Failure == Rejection {
    var code: Rejection.Code? {
        if case .failure(let rejection) = self { rejection.code } else { nil }
    }

    var problems: [String] {
        if case .failure(let rejection) = self { rejection.problems.map(\.description) } else { [] }
    }

    var message: String {
        if case .failure(let rejection) = self { rejection.message } else { "" }
    }
}

func date(_ text: String) -> Date {
    (try? Date(text, strategy: .iso8601)) ?? .distantPast
}
