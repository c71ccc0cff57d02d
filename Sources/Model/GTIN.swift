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
        let zero = UInt8(ascii: "0")
        guard text.utf8.allSatisfy({ zero...zero + 9 ~= $0 }) else { return .notDigits }
        guard [8, 12, 13, 14].contains(text.utf8.count) else { return .length(text.utf8.count) }
        let digits = text.utf8.map { Int($0 - zero) }
        let right = checkDigit(for: digits.dropLast())
        guard digits.last == right else {
            return .checkDigit(is: digits[digits.count - 1], shouldBe: right)
        }
        return reserved(Array(repeating: 0, count: 14 - digits.count) + digits)
    }

    /// Ranges under which nothing is sold beyond one shop (GS1 General Specifications, section
    /// 1.4.2, GS1 prefixes; seen November 2026).
    /// - Parameter digits: fourteen.
    private static func reserved(_ digits: [Int]) -> Fault? {
        if digits.allSatisfy({ $0 == 0 }) { return .notForSale("all zeros") }
        let inStore = Fault.notForSale("from a range for a shop's own use")
        // A GTIN-8: those that begin with 0 and 2 are the shop's.
        if digits.prefix(6).allSatisfy({ $0 == 0 }) {
            return [0, 2].contains(digits[6]) ? inStore : nil
        }
        let prefix = digits[1] * 100 + digits[2] * 10 + digits[3]
        switch prefix {
        case 20...29, 40...49, 200...299: return inStore
        case 50...59, 981...984, 990...999: return .notForSale("a coupon's number")
        case 980: return .notForSale("a refund receipt's number")
        default: return nil
        }
    }

    /// Weights 3, 1, 3, 1 … from the right (GS1 General Specifications, section 7.9).
    package static func checkDigit(for digits: some BidirectionalCollection<Int>) -> Int {
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            sum + digit.element * (digit.offset.isMultiple(of: 2) ? 3 : 1)
        }
        return (10 - sum % 10) % 10
    }
}
