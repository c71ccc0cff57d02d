private import Foundation
import Host
private import Model
private import Synchronization

/// Names that people take for the same. The same name in another normal form (macOS decomposes
/// letters) is the same name, and matched where only one can be meant; another case, or `.jpeg`
/// for `.jpg`, is a near miss: told, with both names, never guessed at.
enum Namesake {
    /// The other normal forms of a name, as bytes differ; none for most.
    static func spellings(of name: String) -> [String] {
        guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return [] }
        let forms = [
            name.precomposedStringWithCanonicalMapping, name.decomposedStringWithCanonicalMapping,
        ]
        return forms.filter { !$0.utf8.elementsEqual(name.utf8) }
    }

    /// Equal for names that are near misses of each other, and for the same name in any form.
    static func key(_ name: String) -> String {
        name.lowercased().precomposedStringWithCanonicalMapping
            .split(separator: ".", omittingEmptySubsequences: false)
            .map { alike[$0] ?? $0 }.joined(separator: ".")
    }

    private static let alike: [Substring: Substring] = {
        var alike: [Substring: Substring] = ["yml": "yaml"]
        for format in ImageFormat.allCases {
            for ending in format.extensions { alike[ending[...]] = format.fileExtension[...] }
        }
        return alike
    }()

    /// Completes a sentence about a name that was not found; empty where nothing is near.
    static func hint(_ verb: String, _ near: [String]) -> String {
        guard !near.isEmpty else { return "" }
        let names = near.prefix(3).map { "'\(SpoolName.escaped(Array($0.utf8)))'" }
        return "; \(verb) \(names.joined(separator: " and ")): give both the same name"
    }
}

/// The names of one directory, to find the near misses of one.
struct NameIndex: Sendable {
    /// Larger directories get no hints: nothing else depends on them.
    private static let limit = 20_000

    private var names: [String: [String]] = [:]
    private var stems: [String: [String]] = [:]

    /// - Parameter directory: below the spool; empty for the spool itself.
    init(_ directory: String, in spool: String) {
        guard let root = try? DirectoryStream(spool),
            let stream = directory.isEmpty ? root : try? root.open(directory)
        else { return }
        var count = 0
        while let bytes = try? stream.next(), count < Self.limit {
            guard let name = SpoolName.text(bytes), SpoolName.kind(bytes) != .ignored else {
                continue
            }
            count += 1
            names[Namesake.key(name), default: []].append(name)
            guard SpoolName.kind(bytes) == .plain, let dot = name.lastIndex(of: ".") else {
                continue
            }
            stems[Namesake.key(String(name[..<dot])), default: []].append(name)
        }
    }

    /// Other names near this one, those of pictures for `stem` where it is the name without ending.
    func near(_ name: String) -> [String] { others(names[Namesake.key(name)], than: name) }

    func pictures(nearStem stem: String) -> [String] { stems[Namesake.key(stem)] ?? [] }

    private func others(_ found: [String]?, than name: String) -> [String] {
        (found ?? []).filter { !$0.utf8.elementsEqual(name.utf8) }.sorted()
    }
}

/// The index of the directory that was asked about last: files of one directory come one after the
/// other. Put away when the next pass begins.
final class NameShelf: Sendable {
    private let spool: String
    private let last = Mutex<(directory: String, index: NameIndex)?>(nil)

    init(spool: String) { self.spool = spool }

    /// - Parameter directory: below the spool, without a slash at its end.
    func index(_ directory: String) -> NameIndex {
        if let last = last.withLock({ $0 }), last.directory.utf8.elementsEqual(directory.utf8) {
            return last.index
        }
        let index = NameIndex(directory, in: spool)
        last.withLock { $0 = (directory, index) }
        return index
    }

    func clear() { last.withLock { $0 = nil } }
}
