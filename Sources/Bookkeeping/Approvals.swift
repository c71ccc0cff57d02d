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
                "approval lapsed: \(version.approval?.by ?? "somebody") approved other bytes "
                + "(\(approved.short)), these are \(version.master.short)"
        }
        let standing = versions.filter {
            faults[$0.version.id] == nil && $0.version.approval != nil
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
    /// was given to the earlier bytes, also when those have been withdrawn since; two files side by
    /// side are a question for a person, which withdrawing one of them answers.
    private static func clash(
        _ group: [(version: Version, source: String)]
    ) -> [Int64: String] {
        var faults: [Int64: String] = [:]
        var first: [String: Version] = [:]
        for (version, source) in group {
            if let earlier = first[source], version.approval?.sha256 == nil {
                faults[version.id] =
                    "approval lapsed: it was given to the bytes seen first "
                    + "(\(earlier.master.short)); approve the new ones"
            } else if first[source] == nil {
                first[source] = version
            }
        }
        let rest = group.filter { faults[$0.version.id] == nil && $0.version.withdrawn == nil }
        guard rest.count > 1 else { return faults }
        let names = Set(rest.map { "'\($0.source)'" }).sorted().joined(separator: " and ")
        let text =
            "\(rest.count) masters claim one place in the order of versions: \(names); "
            + "all are held; approve one anew, or withdraw the others"
        for entry in rest { faults[entry.version.id] = text }
        return faults
    }
}
