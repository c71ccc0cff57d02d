private import Foundation
package import Model
import YAML

package enum Loader {
    /// - Parameters:
    ///   - file: as it shall stand in messages.
    ///   - library: other profiles by file name without `.yaml`, for `like: FILE#rendition`.
    package static func load(
        text: String, file: String, library: [String: String] = [:], vocabulary: Vocabulary
    ) -> Result<Profile, Problems> {
        let reader = Reader()
        do throws(Problems) {
            let document = try Document(text, file: file)
            let reading = ProfileReader(
                file: file, text: text, library: library, vocabulary: vocabulary, reader: reader)
            return .success(try reader.finish(reading.profile(document.root)))
        } catch {
            return .failure(error)
        }
    }

    /// Where the profiles that come with the program are installed.
    package static let shipped = "/usr/share/sluice/channels"

    /// Every `*.yaml` of a directory, sorted by name. Of two files that name one channel the later
    /// one is in error.
    /// - Parameter shipped: a directory of profiles that `like` may name besides these; there may
    ///   be none. Of two of one name, the one that is not shipped counts.
    /// - Throws: `Problems` when the directory cannot be listed. Blocks on reading files.
    package static func loadDirectory(
        _ path: String, shipped: String = shipped, vocabulary: Vocabulary
    ) throws(Problems) -> [(file: String, result: Result<Profile, Problems>)] {
        let files = try texts(in: path)
        var library: [String: String] = [:]
        for file in ((try? texts(in: shipped)) ?? []) + files {
            library[file.name] = try? file.text.get()
        }
        var taken: [String: Place] = [:]
        return files.map { file in
            let result = file.text.flatMap {
                load(text: $0, file: file.file, library: library, vocabulary: vocabulary)
            }
            return (file.file, result.flatMap { claim($0, &taken) })
        }
    }

    private static func claim(
        _ profile: Profile, _ taken: inout [String: Place]
    ) -> Result<Profile, Problems> {
        let place = profile.places["channel"] ?? Place(file: profile.file, line: 1, column: 1)
        guard let first = taken[profile.channel] else {
            taken[profile.channel] = place
            return .success(profile)
        }
        let problem = Problem(
            place, "there is a profile for channel '\(profile.channel)' already",
            code: "duplicate-channel", notes: [Problem.Note(first, "it is here")])
        return .failure(Problems([problem]))
    }

    private static func texts(
        in path: String
    ) throws(Problems) -> [(file: String, name: String, text: Result<String, Problems>)] {
        try names(in: path).map { name in
            let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            return (file, String(name.dropLast(".yaml".count)), read(file))
        }
    }

    private static func names(in path: String) throws(Problems) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
        } catch {
            throw unreadable(path, error)
        }
    }

    private static func read(_ file: String) -> Result<String, Problems> {
        let limit = Document.usualLimit
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: file))
            defer { try? handle.close() }
            let bytes = try handle.read(upToCount: limit + 1) ?? Data()
            // Too long is for the document to say, with the place; only its start is needed.
            guard let text = String(validating: bytes, as: UTF8.self) else {
                let place = Place(file: file, line: 1, column: 1)
                let message = "the file is not UTF-8 text; save it as UTF-8"
                return .failure(Problems([Problem(place, message, code: "encoding")]))
            }
            return .success(text)
        } catch {
            return .failure(unreadable(file, error))
        }
    }

    private static func unreadable(_ path: String, _ error: any Error) -> Problems {
        let why = (error as NSError).localizedDescription
        let place = Place(file: path, line: 1, column: 1)
        return Problems([Problem(place, "cannot be read: \(why)", code: "unreadable")])
    }
}
