// What the daemon and a `sluice-render` process say to each other: one JSON document after a
// four-byte big-endian length, at most `WorkerFrame.limit` bytes.

package import Foundation
package import Model

package enum WorkerRequest: Codable, Sendable {
    case inspect(InspectRequest)
    case readXMP(ReadXMPRequest)
    case render(RenderRequest)
    case verify(VerifyRequest)
}

/// Reads header and metadata of a staged master, and measures its pixels.
package struct InspectRequest: Codable, Sendable {
    /// Path below the directory of masters the worker was started with.
    package var master: String
    package var format: ImageFormat

    package init(master: String, format: ImageFormat) {
        self.master = master
        self.format = format
    }
}

/// Reads a staged `.xmp`, for whichever master it lies beside.
package struct ReadXMPRequest: Codable, Sendable {
    /// Path below the directory of masters.
    package var file: String

    package init(file: String) { self.file = file }
}

/// One master, all its wanted renditions: decoded once.
package struct RenderRequest: Codable, Sendable {
    package struct Item: Codable, Sendable {
        package var key: ContentHash
        package var recipe: Recipe
        package var particulars: RenditionInputs

        package init(key: ContentHash, recipe: Recipe, particulars: RenditionInputs = .none) {
            self.key = key
            self.recipe = recipe
            self.particulars = particulars
        }
    }

    package var master: String
    package var format: ImageFormat
    /// What inspecting it has found, so that frames are what the channels' gates took them for.
    package var measured: PictureMeasurement?
    /// Each is written to `<key>.<ext>` in the worker's own output directory.
    package var items: [Item]

    package init(
        master: String, format: ImageFormat, measured: PictureMeasurement?, items: [Item]
    ) {
        self.master = master
        self.format = format
        self.measured = measured
        self.items = items
    }
}

/// Decodes an encoded rendition and measures it. `file` is a name in the directory of finished
/// renditions that the verifying worker was started with.
package struct VerifyRequest: Codable, Sendable {
    package var file: String
    package var format: ImageFormat
    package var background: Color?
    package var expected: Expectation?

    package init(
        file: String, format: ImageFormat, background: Color?, expected: Expectation? = nil
    ) {
        self.file = file
        self.format = format
        self.background = background
        self.expected = expected
    }
}

package enum WorkerReply: Codable, Sendable {
    /// Sent once, before any request: what the sandbox could put up, and library versions.
    case hello(WorkerGreeting)
    case inspected(Inspection)
    case xmp(PictureMetadata)
    case rendered([RenderOutcome])
    /// Hash and size are the worker's own reading; the parent computes its own and compares.
    case verified(Receipt)
    case refused(Refusal)
}

package struct WorkerGreeting: Codable, Sendable, Hashable {
    package struct Layer: Codable, Sendable, Hashable {
        /// no-new-privileges, rlimits, landlock, seccomp ...
        package var name: String
        package var on: Bool
        /// `ABI 2`, or why it is off.
        package var detail: String

        package init(name: String, on: Bool, detail: String) {
            self.name = name
            self.on = on
            self.detail = detail
        }

        /// Stands between a picture that breaks its decoder and everything else. The others are for
        /// speed and manners.
        package var isWall: Bool { WorkerGreeting.walls.contains(name) }
    }

    private static let walls: Set = [
        "no-new-privileges", "not-dumpable", "limits", "landlock", "seccomp",
    ]

    /// What should stand and does not: work goes on, and a person has to know.
    package var missingWalls: [Layer] { layers.filter { $0.isWall && !$0.on } }

    package var layers: [Layer]
    package var versions: [String: String]

    package init(layers: [Layer], versions: [String: String]) {
        self.layers = layers
        self.versions = versions
    }
}

package enum RenderOutcome: Codable, Sendable {
    /// `file` is a name in the worker's output directory.
    case made(key: ContentHash, file: String, quality: Int?, expected: Expectation?)
    case refused(key: ContentHash, Refusal)

    package var key: ContentHash {
        switch self {
        case .made(let key, _, _, _), .refused(let key, _): key
        }
    }
}

/// The framing on the worker's pipes.
package enum WorkerFrame {
    /// Bytes of one message; a longer claim is a broken peer.
    package static let limit = 4 << 20

    package static func encode(_ message: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try encoder.encode(message)
        guard body.count <= limit else { throw FrameError.tooLong(body.count) }
        var frame = Data(capacity: body.count + 4)
        for shift in [24, 16, 8, 0] { frame.append(UInt8(truncatingIfNeeded: body.count >> shift)) }
        return frame + body
    }

    /// Length of the body that follows these four bytes.
    package static func length(_ head: some Collection<UInt8>) throws(FrameError) -> Int {
        let length = head.reduce(0) { $0 << 8 | Int($1) }
        guard head.count == 4, length <= limit else { throw .tooLong(length) }
        return length
    }

    package static func decode<Message: Decodable>(
        _ type: Message.Type, from body: Data
    ) throws -> Message {
        try JSONDecoder().decode(type, from: body)
    }
}

package enum FrameError: Error {
    case tooLong(Int)
}
