import Foundation

/// Gives a PNG the density and metadata it is to have, and takes away the density that libvips
/// invents. (PNG, third edition, 5.3: length, name, data, CRC.)
enum PNGFile {
    static func with(density: Int?, packet: Data?, in file: Data) -> Data {
        let head = 8
        guard file.count > head else { return file }
        var out = Data(file.prefix(head))
        var rest = file.dropFirst(head)
        while rest.count >= 12 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let name = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
            let chunk = rest.prefix(12 + length)
            rest = rest.dropFirst(chunk.count)
            if name == "pHYs" { continue }
            out += chunk
            guard name == "IHDR" else { continue }
            if let density { out += physical(density) }
            if let packet { out += text(packet) }
        }
        return out
    }

    /// Pixels per metre, both ways.
    private static func physical(_ density: Int) -> Data {
        let perMetre = number(Int((Double(density) / 0.0254).rounded()))
        return chunk("pHYs", perMetre + perMetre + [1])
    }

    /// Uncompressed, no language: XMP specification, part 3, 1.1.5.
    private static func text(_ packet: Data) -> Data {
        chunk("iTXt", Data("XML:com.adobe.xmp\0".utf8) + [0, 0, 0, 0] + packet)
    }

    private static func chunk(_ name: String, _ body: Data) -> Data {
        let named = Data(name.utf8) + body
        return number(body.count) + named + number(Int(checksum(named)))
    }

    private static func number(_ value: Int) -> Data {
        Data([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
    }

    /// CRC-32, PNG annex D.
    private static func checksum(_ bytes: Data) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1
            }
        }
    }
}
