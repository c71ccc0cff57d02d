/// The word somebody probably meant.
package enum Nearest {
    /// `; did you mean 'format'?`, or nothing when no word is near.
    package static func hint(to word: String, among words: some Sequence<String>) -> String {
        guard let nearest = nearest(to: word, among: words) else { return "" }
        return "; did you mean '\(nearest)'?"
    }

    package static func nearest(
        to word: String, among words: some Sequence<String>
    ) -> String? {
        let reach = max(1, min(3, word.count / 3))
        let ranked = words.filter { $0 != word }
            .map { (distance($0.lowercased(), word.lowercased()), $0) }
            .filter { $0.0 <= reach }
        return ranked.min { $0 < $1 }?.1
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other.
    package static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left.prefix(64)), Array(right.prefix(64)))
        var older = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let change = previous[j] + (a[i] == b[j] ? 0 : 1)
                var best = min(change, previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, older[j - 1] + 1)
                }
                row.append(best)
            }
            (older, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
