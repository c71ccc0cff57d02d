import Model

/// Which approvals do not hold, by design.md's *Approval*. Computed from all versions of one asset
/// whenever they are read, so that it never depends on who arrived first where it must not.
enum Approvals {
    /// - Parameter versions: of one asset, in order of arrival, with the source each came from.
    /// - Returns: version id → a sentence for people.
    static func faults(_ versions: [(version: Version, source: String)]) -> [Int64: String] {
        var faults: [Int64: String] = [:]
        for (version, _) in versions {
            guard let approved = version.approval?.sha256, approved != version.master else {
                continue
            }
            faults[version.id] =
                "approval lapsed: \(version.approval!.by) approved other bytes "
                + "(\(approved.short)), these are \(version.master.short)"
        }
        let standing = versions.filter {
            faults[$0.version.id] == nil && $0.version.approval != nil
                && $0.version.withdrawn == nil
        }
        let groups = Dictionary(grouping: standing) { entry in
            "\(entry.version.approval!.seq) \(entry.version.approval!.at.milliseconds)"
        }
        for group in groups.values where group.count > 1 {
            faults.merge(clash(group)) { first, _ in first }
        }
        return faults
    }

    /// Several masters under one (seq, at). A file replaced in its place carries an approval that
    /// was given to the earlier bytes; two files side by side are a question for a person.
    private static func clash(
        _ group: [(version: Version, source: String)]
    ) -> [Int64: String] {
        let first = group[0]
        let unbound = group.allSatisfy { $0.version.approval?.sha256 == nil }
        if unbound, group.allSatisfy({ $0.source == first.source }) {
            let text =
                "approval lapsed: it was given to the bytes seen first "
                + "(\(first.version.master.short)); approve the new ones"
            return Dictionary(uniqueKeysWithValues: group.dropFirst().map { ($0.version.id, text) })
        }
        let names = group.map { "'\($0.source)'" }.joined(separator: " and ")
        let text = "two files claim one place in the order of versions: \(names); both are held"
        return Dictionary(uniqueKeysWithValues: group.map { ($0.version.id, text) })
    }
}
