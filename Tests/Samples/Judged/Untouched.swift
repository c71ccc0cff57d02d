/// Whether whitening left the product alone, where a mask says what that is.
enum Untouched {
    /// More is a change; below lies what decoders round.
    private static let tolerance = 3
    /// The lens mixes so many pixels along an edge with what is behind.
    private static let edge = 2

    /// Prints the file and how many of its product's pixels are others, in parts of a thousand.
    /// - Parameter files: a mask and what was rendered in the master's own size, by turns.
    static func measure(_ files: [String], of master: String) throws {
        guard files.count == 2 else { throw Misuse() }
        let (before, after) = (try decoded(master), try decoded(files[1]))
        let mask = try Picture(file: files[0]).decoded()
        guard mask.width == after.width, mask.height == after.height,
            before.width == after.width, before.height == after.height
        else { throw Picture.Failure(description: "'\(files[1])' is not as large as its master") }
        var (product, changed) = (0, 0)
        for y in edge..<mask.height - edge {
            for x in edge..<mask.width - edge where isInside(mask.bytes, x, y, mask.width) {
                product += 1
                let at = y * mask.width + x
                let isOther = (0..<3).contains { band in
                    abs(
                        Int(before.bytes[at * before.bands + band])
                            - Int(after.bytes[at * after.bands + band])) > tolerance
                }
                if isOther { changed += 1 }
            }
        }
        print("\(master)\t\(Double(changed) * 1000 / Double(max(product, 1)))")
    }

    private static func decoded(_ path: String) throws -> (
        bytes: [UInt8], width: Int, height: Int, bands: Int
    ) { try Picture(file: path).decoded() }

    private static func isInside(_ mask: [UInt8], _ x: Int, _ y: Int, _ width: Int) -> Bool {
        for down in [-edge, 0, edge] {
            for right in [-edge, 0, edge] where mask[(y + down) * width + x + right] != 255 {
                return false
            }
        }
        return true
    }
}
