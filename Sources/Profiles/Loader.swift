private import Foundation
package import Model
import Transports
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
        let vocabulary = vocabulary.knowing(formatsBeside: path)
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
        if let first = taken[profile.channel] {
            let problem = Problem(
                place, "there is a profile for channel '\(profile.channel)' already",
                code: "duplicate-channel", notes: [Problem.Note(first, "it is here")])
            return .failure(Problems([problem]))
        }
        // A draft publishes nothing.
        if profile.state != .draft, let feed = profile.feed,
            let address = (feed.destination ?? profile.destination)?.address
        {
            let lies = address.place + feed.file.rawValue
            if let first = taken[lies] {
                let problem = Problem(
                    feed.place,
                    "the feed of another channel lies at '\(lies)' already, and each would overwrite the other; "
                        + "give this one another 'file' or 'to'", code: "duplicate-feed",
                    notes: [Problem.Note(first, "it is here")])
                return .failure(Problems([problem]))
            }
            taken[lies] = feed.place
        }
        taken[profile.channel] = place
        return .success(profile)
    }

    static func texts(
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
            throw unreadable(path, (error as NSError).localizedDescription)
        }
    }

    /// A profile's text. Whatever else has the name of one is said to be it, and not waited for.
    package static func read(_ file: String) -> Result<String, Problems> {
        let descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            return .failure(unreadable(file, String(cString: strerror(errno))))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .failure(unreadable(file, "it is no file; move it elsewhere"))
        }
        do {
            let bytes = try handle.read(upToCount: Document.usualLimit + 1) ?? Data()
            // Too long is for the document to say, with the place; only its start is needed.
            guard let text = String(validating: bytes, as: UTF8.self) else {
                let place = Place(file: file, line: 1, column: 1)
                let message = "the file is not UTF-8 text; save it as UTF-8"
                return .failure(Problems([Problem(place, message, code: "encoding")]))
            }
            return .success(text)
        } catch {
            return .failure(unreadable(file, (error as NSError).localizedDescription))
        }
    }

    private static func unreadable(_ path: String, _ why: String) -> Problems {
        let place = Place(file: path, line: 1, column: 1)
        return Problems([Problem(place, "cannot be read: \(why)", code: "unreadable")])
    }
}
