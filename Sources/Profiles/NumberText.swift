import Model

/// Numbers as people read them.
enum NumberText {
    /// 0.853 is `85.3 %`.
    static func percent(_ share: Double) -> String { "\(decimal(share * 100)) %" }

    /// `85 % to 95 %`
    static func range(_ fill: Fill) -> String { "\(percent(fill.min)) to \(percent(fill.max))" }

    /// With one digit after the point where there is one.
    static func decimal(_ number: Double) -> String {
        let tenths = (number * 10).rounded() / 10
        return tenths == tenths.rounded() && abs(tenths) < 1e15 ? "\(Int(tenths))" : "\(tenths)"
    }
}

extension [String] {
    /// `a, b and c`
    var inWords: String {
        count < 2 ? first ?? "" : dropLast().joined(separator: ", ") + " and " + (last ?? "")
    }
}
