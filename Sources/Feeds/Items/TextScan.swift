/// Reads the shape of a short ASCII text from its beginning. Each question takes what it finds. A `Regex` is
/// made anew wherever a literal stands: with five of them an item took six times as long.
struct TextScan {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ text: UnsafeBufferPointer<UInt8>) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func digits(_ count: ClosedRange<Int>) -> Bool { take(count) { 0x30...0x39 ~= $0 } }

    mutating func letters(_ count: ClosedRange<Int>) -> Bool {
        take(count) { 0x41...0x5A ~= $0 & 0xDF }
    }

    mutating func capitals(_ count: Int) -> Bool { take(count...count) { 0x41...0x5A ~= $0 } }

    mutating func one(of letters: StaticString) -> Bool {
        take(1...1) { byte in letters.withUTF8Buffer { $0.contains(byte) } }
    }

    /// Always true.
    mutating func maybe(_ letter: StaticString) -> Bool {
        _ = one(of: letter)
        return true
    }

    /// Up to nine digits, and decimals where a point follows.
    mutating func number(decimals: Int) -> Bool {
        digits(1...9) && (!one(of: ".") || digits(1...decimals))
    }

    /// `2026-11-21`, or with a time: `2026-11-21T09:30:00+01:00`, seconds and the colon of the zone if need be.
    mutating func date() -> Bool {
        guard digits(4...4), one(of: "-"), two("01"), one(of: "-"), two("0123") else {
            return false
        }
        guard one(of: "T") else { return true }
        guard clock() else { return false }
        if one(of: ":"), !two("012345") { return false }
        if one(of: "Z") { return true }
        return one(of: "+-") && two("012") && maybe(":") && two("012345")
    }

    private mutating func clock() -> Bool { two("012") && one(of: ":") && two("012345") }

    private mutating func two(_ first: StaticString) -> Bool { one(of: first) && digits(1...1) }

    private mutating func take(_ count: ClosedRange<Int>, _ fits: (UInt8) -> Bool) -> Bool {
        let found = rest.prefix(count.upperBound).prefix(while: fits).count
        guard found >= count.lowerBound else { return false }
        rest = rest.dropFirst(found)
        return true
    }
}
