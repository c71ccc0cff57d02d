import Foundation

/// What an edition's file is called among our own: it says the format, which the profile may have
/// changed since.
package enum EditionName {
    /// - Parameter moment: milliseconds since 1970.
    package static func make(at moment: Int64, in format: FeedFormat) -> String {
        let chance = UInt16.random(in: 0...UInt16.max)
        return "\(moment)-\(chance).\(format.name).\(format.ending)"
    }

    /// When it was made; nil where it is none of ours.
    static func moment(of path: String) -> Date? {
        let file = path.split(separator: "/").last ?? ""
        return file.split(separator: "-").first.flatMap { Int64($0) }.map {
            Date(timeIntervalSince1970: Double($0) / 1000)
        }
    }

    /// Of a file so named; nil where it is none of ours.
    package static func format(of path: String) -> String? {
        let file = path.split(separator: "/").last ?? ""
        let parts = file.split(separator: ".")
        return parts.count > 2 ? String(parts[1]) : nil
    }
}
