import Foundation
import Model

/// Looks at how many pictures a file says it has before any library does: libwebp finds each frame
/// by walking over all before it, so that four megabytes of frames take half a minute, and libtiff
/// reads every directory there is.
enum PageGate {
    /// Bytes that `check` wants to see of the file's start.
    static let head = ImageFormat.head

    /// - Parameter bytes: the file's first ones.
    /// - Throws: `oversize` for an animation.
    static func check(_ bytes: some Collection<UInt8>, _ format: ImageFormat) throws(Refusal) {
        let bytes = Array(bytes.prefix(head))
        // The extended header's flags: developers.google.com/speed/webp/docs/riff_container.
        guard format == .webp, bytes.count > 20, bytes[12..<16].elementsEqual("VP8X".utf8),
            bytes[20] & 0b10 != 0
        else { return }
        throw Refusal(.oversize, "an animation is no still picture: export one frame")
    }

    /// - Throws: `oversize` for a TIFF of more pages than `HeaderGate` lets through.
    static func check(_ file: FileHandle, _ format: ImageFormat) throws(Refusal) {
        guard format == .tiff else { return }
        let limit = HeaderGate.pages
        guard directories(in: file, upTo: limit + 1) > limit else { return }
        throw Refusal(
            .oversize,
            "the file claims more than \(limit) pages, the limit is \(limit): deliver a smaller export"
        )
    }

    /// TIFF 6.0, section 2: each directory ends with the place of the next. A circle ends where it
    /// closes; whether such a file is any good is for the decoder to say.
    private static func directories(in file: FileHandle, upTo limit: Int) -> Int {
        func bytes(_ count: Int, at place: UInt64) -> [UInt8]? {
            guard (try? file.seek(toOffset: place)) != nil,
                let read = try? file.read(upToCount: count), read.count == count
            else { return nil }
            return Array(read)
        }
        guard let head = bytes(8, at: 0) else { return 0 }
        let isLittle = head[0] == 0x49
        func number(_ bytes: some Collection<UInt8>) -> UInt64 {
            (isLittle ? bytes.reversed() : Array(bytes)).reduce(0) { $0 << 8 | UInt64($1) }
        }
        var seen: Set<UInt64> = []
        var place = number(head[4..<8])
        while place != 0, seen.count < limit, seen.insert(place).inserted {
            guard let count = bytes(2, at: place).map(number),
                let next = bytes(4, at: place + 2 + 12 * count).map(number)
            else { break }
            place = next
        }
        return seen.count
    }
}
