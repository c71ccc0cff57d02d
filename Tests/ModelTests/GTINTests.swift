import Model
import Testing

/// Numbers that are well-formed, and under which nothing is sold.
@Suite struct GTINTests {
    @Test(arguments: [
        "4006381333931", "04006381333931", "96385074", "012345678905", "9780306406157",
        "00012345678905",
    ]) func good(text: String) {
        #expect(GTIN.fault(in: text) == nil)
    }

    /// Check digits are right, so that nothing else is wrong with them.
    @Test(arguments: [
        ("00000000", "all zeros"), ("00000000000000", "all zeros"),
        ("201234567890", "a shop's own use"), ("401234567890", "a shop's own use"),
        ("2012345678900", "a shop's own use"), ("2991234567890", "a shop's own use"),
        ("20123450", "a shop's own use"), ("00000020123450", "a shop's own use"),
        ("501234567890", "coupon"), ("9811234567890", "coupon"), ("9901234567890", "coupon"),
        ("9801234567890", "refund"),
    ]) func notForSale(text: String, why: String) throws {
        let digits = try #require(Int(text.dropLast()))
        let whole = String(text.dropLast()) + "\(GTIN.checkDigit(for: digits))"
        #expect("\(GTIN.fault(in: whole).map(String.init(describing:)) ?? "")".contains(why))
    }
}
