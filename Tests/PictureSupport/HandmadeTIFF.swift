package import Foundation

/// A TIFF written number by number: libvips' own saver has no words for most of what other programs
/// put beside the colours.
package struct HandmadeTIFF {
    package var width = 60
    package var height = 60
    package var bits = 8
    /// TIFF 6.0, PhotometricInterpretation: 1 grey, 2 RGB, 3 palette, 5 CMYK.
    package var photometric = 2
    /// Each channel in a place of its own, instead of one pixel after the other.
    package var isPlanar = false
    package var isBigEndian = false
    /// ExtraSamples; nil: the tag is left out.
    package var extras: [Int]?

    package init(photometric: Int = 2, extras: [Int]? = nil) {
        self.photometric = photometric
        self.extras = extras
    }

    /// - Parameter pixel: every channel's number at a place, of 0 to 255; 16 bits are 257 times that.
    package func bytes(_ pixel: (_ x: Int, _ y: Int) -> [Int]) -> Data {
        let pixels = (0..<height).flatMap { y in (0..<width).map { x in pixel(x, y) } }
        let samples = pixels[0].count
        let ordered =
            isPlanar
            ? (0..<samples).flatMap { band in pixels.map { $0[band] } } : pixels.flatMap(\.self)
        let body = ordered.flatMap { bits == 16 ? number($0 * 257, 2) : [UInt8($0)] }
        let plane = body.count / samples
        let start = 8
        let places = isPlanar ? (0..<samples).map { start + $0 * plane } : [start]
        let counts = isPlanar ? places.map { _ in plane } : [body.count]
        var entries: [(tag: Int, type: Int, values: [Int])] = [
            (256, 4, [width]), (257, 4, [height]), (258, 3, Array(repeating: bits, count: samples)),
            (259, 3, [1]),
            (262, 3, [photometric]), (273, 4, places), (277, 3, [samples]), (278, 4, [height]),
            (279, 4, counts), (284, 3, [isPlanar ? 2 : 1]),
        ]
        if photometric == 3 {
            // Red, then green, then blue, each the index itself; not all alike.
            let ramp = (0..<256).map { $0 * 257 }
            entries.append((320, 3, ramp + ramp.reversed() + ramp))
        }
        if let extras { entries.append((338, 3, extras)) }
        return assembled(body, entries)
    }

    private func assembled(
        _ body: [UInt8], _ entries: [(tag: Int, type: Int, values: [Int])]
    ) -> Data {
        var far: [UInt8] = []
        let directory = 8 + body.count + (body.count & 1)
        let behind = directory + 2 + 12 * entries.count + 4
        var table = number(entries.count, 2)
        for entry in entries {
            let size = entry.type == 3 ? 2 : 4
            var value = entry.values.flatMap { number($0, size) }
            table += number(entry.tag, 2) + number(entry.type, 2) + number(entry.values.count, 4)
            if value.count > 4 {
                let place = behind + far.count
                far += value
                value = number(place, 4)
            }
            table += value + [UInt8](repeating: 0, count: 4 - value.count)
        }
        let head = (isBigEndian ? [0x4D, 0x4D] : [0x49, 0x49]) + number(42, 2)
        return Data(
            head + number(directory, 4) + body + [UInt8](repeating: 0, count: body.count & 1)
                + table + number(0, 4) + far)
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }
}
