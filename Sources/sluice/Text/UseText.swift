internal import Foundation
internal import Wire

/// How near a channel is to its ceilings: `3 of 4 sessions`, `57 of 60 starts a minute`.
enum UseText {
    static func parts(_ use: StatusAnswer.Use) -> [String] {
        [
            sessions(use),
            use.startsAtMost.map { most in
                "\(use.startsPerMinute.map { Words.number(Int($0.rounded())) } ?? "few") of "
                    + "\(Words.number(most)) starts a minute"
            },
            use.bytesAtMost.map { most in
                "\(use.bytesPerSecond.map(megabytes) ?? "little") of \(megabytes(Double(most))) MB "
                    + "a second"
            },
            use.hours.map { "hours \($0)\(use.opens == nil ? "" : ", closed now")" },
        ].compactMap(\.self)
    }

    private static func megabytes(_ bytes: Double) -> String {
        (bytes / 1_000_000).formatted(
            .number.precision(.fractionLength(0...2)).locale(Locale(identifier: "en_US_POSIX")))
    }

    private static func sessions(_ use: StatusAnswer.Use) -> String {
        let borne =
            use.sessionsBorne < use.sessionsAtMost ? " (\(use.sessionsBorne) borne so far)" : ""
        return "\(use.sessions) of \(Words.count(use.sessionsAtMost, "session"))\(borne)"
    }
}
