/// 8-bit sRGB.
package struct Color: Hashable, Codable, Sendable, CustomStringConvertible {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// `#RRGGBB`.
    package init?(hex: String) {
        guard hex.utf8.count == 7, hex.hasPrefix("#"),
            let value = UInt32(hex.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
    }

    /// Largest difference in any channel, 0 to 255.
    package func distance(to other: Color) -> Int {
        [(red, other.red), (green, other.green), (blue, other.blue)]
            .map { abs(Int($0.0) - Int($0.1)) }.max() ?? 0
    }

    package var description: String {
        "#"
            + [red, green, blue].map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }
}
