package import Feeds
import Foundation
package import Model

// The formats of feeds that lie in `feeds` beside a directory's profiles.
extension Loader {
    /// Good or not. Blocks on reading files.
    package static func formats(
        beside path: String
    ) -> [(file: String, result: Result<FeedFormat, Problems>)] {
        let all = Vocabulary.formats(beside: path)
        return formatFiles(beside: path).map { file, text in
            let result = text.flatMap { text in
                Result { () throws(Problems) in
                    try FormatReader.read(
                        FeedFormats.FormatFile(name: stem(file), text: text, file: file),
                        among: all)
                }
            }
            return (file, result)
        }
    }

    /// Runs the cases they carry; those with mistakes have none.
    package static func runFormatTests(beside path: String) -> [TestResult] {
        formats(beside: path).compactMap { try? $0.result.get() }.flatMap { format in
            format.runTests().map { result in
                TestResult(
                    channel: format.name, place: result.place, title: format.title,
                    failure: result.failure)
            }
        }
    }

    fileprivate static func formatFiles(
        beside path: String
    ) -> [(file: String, text: Result<String, Problems>)] {
        let folder = path.hasSuffix("/") ? path + "feeds" : "\(path)/feeds"
        return ((try? texts(in: folder)) ?? []).map { ($0.file, $0.text) }
    }

    fileprivate static func stem(_ file: String) -> String {
        String(file.split(separator: "/").last?.dropLast(".yaml".count) ?? "")
    }
}

extension Profile {
    /// Of the formats that its feed was read with and that lie beside it, for `recalling`.
    package var formatTexts: String? {
        guard let files = feed?.ownFormats else { return nil }
        return (try? JSONEncoder().encode(files)).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Vocabulary {
    /// With the formats that lie in `feeds` beside a directory's profiles. Blocks on reading files.
    package func knowing(formatsBeside path: String) -> Vocabulary {
        var vocabulary = self
        vocabulary.formats = Self.formats(beside: path)
        return vocabulary
    }

    /// As a revision was read that was in force.
    /// - Parameter formats: its `Profile.formatTexts`; nil: nobody kept them yet.
    package func recalling(_ formats: String?, beside path: String) -> Vocabulary {
        var vocabulary = self
        vocabulary.isRecalling = true
        let kept = formats.flatMap {
            try? JSONDecoder().decode([FeedFormats.FormatFile].self, from: Data($0.utf8))
        }
        vocabulary.formats = kept.map { FeedFormats($0) } ?? Self.formats(beside: path)
        return vocabulary
    }

    fileprivate static func formats(beside path: String) -> FeedFormats {
        FeedFormats(
            Loader.formatFiles(beside: path).compactMap { file, text in
                (try? text.get()).map {
                    FeedFormats.FormatFile(name: Loader.stem(file), text: $0, file: file)
                }
            })
    }
}
