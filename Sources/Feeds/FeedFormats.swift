import CFormats
package import Model
private import Synchronization
import YAML

/// The formats there are: those of the program, and those that lie beside the profiles.
package struct FeedFormats: Sendable {
    /// Name → text and file. Of two of one name, the one that is not shipped counts.
    private let files: [String: FormatFile]
    private let own: Set<String>

    package struct FormatFile: Codable, Sendable, Hashable {
        package var name: String
        package var text: String
        /// As it shall stand in messages.
        package var file: String

        package init(name: String, text: String, file: String) {
            (self.name, self.text, self.file) = (name, text, file)
        }
    }

    package static let shipped = FeedFormats([])

    package init(_ own: [FormatFile]) {
        self.own = Set(own.map(\.name))
        files = Dictionary(
            Self.inside + own.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    private static let inside: [(String, FormatFile)] = {
        var all: [(String, FormatFile)] = []
        var index: Int32 = 0
        while let found = sluice_format(index)?.pointee, let name = found.name {
            let name = String(cString: name)
            let bytes = UnsafeBufferPointer(start: found.bytes, count: found.count)
            let text = String(decoding: bytes, as: UTF8.self)
            all.append((name, FormatFile(name: name, text: text, file: "feeds/\(name).yaml")))
            index += 1
        }
        return all
    }()

    /// Whether it lies beside the profiles.
    package func isOwn(_ name: String) -> Bool { own.contains(name) }

    /// Those beside the profiles that a format is read from: its own file, and what that takes over.
    package func own(behind name: String) -> [FormatFile] {
        var (seen, next): ([FormatFile], String?) = ([], name)
        while let name = next, let file = files[name], !seen.contains(file) {
            seen.append(file)
            next = (try? Document(file.text, file: file.file))?.root["like"]?.text
        }
        return seen.filter { isOwn($0.name) }
    }

    package var names: [String] { files.keys.sorted() }

    /// - Throws: what is wrong in the format's own file.
    package func named(_ name: String) throws(Problems) -> FeedFormat? {
        guard let file = files[name] else { return nil }
        guard own.isEmpty else { return try FormatReader.read(file, among: self) }
        if let known = Self.known.withLock({ $0[name] }) { return known }
        let format = try FormatReader.read(file, among: self)
        Self.known.withLock { $0[name] = format }
        return format
    }

    /// Of the program's formats those that were read already: profiles are read often.
    private static let known = Mutex<[String: FeedFormat]>([:])

    package func file(_ name: String) -> FormatFile? { files[name] }

    /// A schema of the program's, by the name of its file.
    static func schema(_ name: String) -> [UInt8]? {
        var index: Int32 = 0
        while let found = sluice_schema(index)?.pointee, let file = found.name {
            if String(cString: file) == name {
                return Array(UnsafeBufferPointer(start: found.bytes, count: found.count))
            }
            index += 1
        }
        return nil
    }
}
