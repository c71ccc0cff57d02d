/// A Global Trade Item Number: text of 8, 12, 13 or 14 digits, the last of which checks the others.
/// Always text: as a number it would lose its leading zeros.
package struct GTIN: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case notDigits
        case length(Int)
        case checkDigit(is: Int, shouldBe: Int)

        /// Continues a sentence that began with the quoted value.
        package var description: String {
            switch self {
            case .notDigits: "holds something else than digits"
            case .length(let count): "has \(count) digits; a gtin has 8, 12, 13 or 14"
            case .checkDigit(let digit, let right):
                "ends in the check digit \(digit), but its other digits ask for \(right)"
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
        return digits.last == right
            ? nil : .checkDigit(is: digits[digits.count - 1], shouldBe: right)
    }

    /// Weights 3, 1, 3, 1 … from the right (GS1 General Specifications, section 7.9).
    package static func checkDigit(for digits: some BidirectionalCollection<Int>) -> Int {
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            sum + digit.element * (digit.offset.isMultiple(of: 2) ? 3 : 1)
        }
        return (10 - sum % 10) % 10
    }
}
