import Foundation

/// Why an approval that is present does not hold; sentences for people.
package enum ApprovalFault: Hashable, Codable, Sendable {
    /// It was given to other bytes.
    case lapsed(String)
    /// Two files claim one place in the order of versions: a question for a person.
    case contested(String)

    package var message: String {
        switch self {
        case .lapsed(let message), .contested(let message): message
        }
    }

    package var isContested: Bool { if case .contested = self { true } else { false } }
}

// Which approvals do not hold. Computed from all versions of one asset whenever they are read, so
// that it never depends on who arrived first where it must not.
extension ApprovalFault {
    /// A version, and the source it came from first.
    package typealias Entry = (version: Version, source: String)

    /// - Parameter versions: of one asset.
    /// - Returns: version id → why its approval does not hold.
    package static func among(_ versions: [Entry]) -> [Int64: ApprovalFault] {
        var faults: [Int64: ApprovalFault] = [:]
        for (version, _) in versions {
            guard let approved = version.approval?.sha256, approved != version.master else {
                continue
            }
            faults[version.id] = .lapsed(
                "approval lapsed: \(version.approval?.by ?? "somebody") approved other bytes "
                    + "(\(approved.short)), these are \(version.master.short)")
        }
        let standing = versions.filter {
            faults[$0.version.id] == nil && $0.version.approval != nil
        }
        let groups = Dictionary(grouping: standing) { entry in
            let approval = entry.version.approval!
            return "\(approval.seq) \((approval.at.timeIntervalSince1970 * 1000).rounded())"
        }
        for group in groups.values where group.count > 1 {
            faults.merge(clash(group)) { first, _ in first }
        }
        return faults
    }

    /// Several masters under one (seq, at). A file replaced in its place carries an approval that
    /// was given to the earlier bytes, also when those have been withdrawn since; two files side by
    /// side are a question for a person, which withdrawing one of them answers.
    private static func clash(_ group: [Entry]) -> [Int64: ApprovalFault] {
        var faults: [Int64: ApprovalFault] = [:]
        var first: [String: Version] = [:]
        // To whom the approval was given first, which need not be who came first.
        for (version, source) in group.sorted(by: { $1.version.cameAfter($0.version) }) {
            if let earlier = first[source], version.approval?.sha256 == nil {
                faults[version.id] = .lapsed(
                    "approval lapsed: it was given to the bytes seen first "
                        + "(\(earlier.master.short)); approve the new ones")
            } else if first[source] == nil {
                first[source] = version
            }
        }
        let rest = group.filter { faults[$0.version.id] == nil && $0.version.withdrawn == nil }
        guard rest.count > 1 else { return faults }
        let names = Set(rest.map { "'\($0.source)'" }).sorted().joined(separator: " and ")
        let text =
            "\(rest.count) masters claim one place in the order of versions: \(names); "
            + "what is live stays, the rest waits; approve one anew, or withdraw the others"
        for entry in rest { faults[entry.version.id] = .contested(text) }
        return faults
    }
}
