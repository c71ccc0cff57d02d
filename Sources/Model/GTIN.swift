/// A Global Trade Item Number: text of 8, 12, 13 or 14 digits, the last of which checks the others,
/// and under which something may be sold. Always text: as a number it would lose its leading zeros.
package struct GTIN: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case notDigits
        case length(Int)
        case checkDigit(is: Int, shouldBe: Int)
        /// All zeros, a shop's own number, a coupon.
        case notForSale(String)

        /// Continues a sentence that began with the quoted value.
        package var description: String {
            switch self {
            case .notDigits: "holds something else than digits"
            case .length(let count): "has \(count) digits; a gtin has 8, 12, 13 or 14"
            case .checkDigit(let digit, let right):
                "ends in the check digit \(digit), but its other digits ask for \(right)"
            case .notForSale(let why): "is \(why); no channel takes it"
            }
        }
    }

    package let rawValue: String

    package init?(rawValue: String) {
        guard Self.fault(in: rawValue) == nil else { return nil }
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    /// Padded with zeros on the left, for names that want 14 digits.
    package var fourteen: String {
        String(repeating: "0", count: 14 - rawValue.utf8.count) + rawValue
    }

    /// What is wrong with `text` as a GTIN; nil when nothing is.
    package static func fault(in text: String) -> Fault? {
        var text = text
        return text.withUTF8(fault)
    }

    /// The same, of UTF-8: a feed asks it of every item, so nothing is made of them.
    package static func fault(in text: UnsafeBufferPointer<UInt8>) -> Fault? {
        var number = 0
        for byte in text {
            guard case let digit = Int(byte) - 0x30, 0...9 ~= digit else { return .notDigits }
            number = (number &* 10) &+ digit
        }
        switch text.count {
        case 8, 12, 13, 14: break
        default: return .length(text.count)
        }
        let right = checkDigit(for: number / 10)
        guard number % 10 == right else {
            return .checkDigit(is: number % 10, shouldBe: right)
        }
        return reserved(number)
    }

    /// Ranges under which nothing is sold beyond one shop (GS1 General Specifications, section
    /// 1.4.2, GS1 prefixes; seen November 2026).
    /// - Parameter number: of up to fourteen digits, as are those below.
    private static func reserved(_ number: Int) -> Fault? {
        if number == 0 { return .notForSale("all zeros") }
        // A GTIN-8: those that begin with 0 and 2 are the shop's.
        guard number >= 100_000_000 else {
            return [0, 2].contains(number / 10_000_000)
                ? .notForSale("from a range for a shop's own use") : nil
        }
        switch number / 10_000_000_000 % 1000 {
        case 20...29, 40...49, 200...299: return .notForSale("from a range for a shop's own use")
        case 50...59, 981...984, 990...999: return .notForSale("a coupon's number")
        case 980: return .notForSale("a refund receipt's number")
        default: return nil
        }
    }

    /// Weights 3, 1, 3, 1 … from the right (GS1 General Specifications, section 7.9).
    /// - Parameter digits: as one number, without the check digit.
    package static func checkDigit(for digits: Int) -> Int {
        var (rest, weight, sum) = (digits, 3, 0)
        while rest > 0 {
            sum += rest % 10 * weight
            (rest, weight) = (rest / 10, 4 - weight)
        }
        return (10 - sum % 10) % 10
    }
}
