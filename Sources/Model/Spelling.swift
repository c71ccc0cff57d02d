/// What somebody probably meant to write.
package enum Spelling {
    /// The known word nearest to `word`; nil when none is near enough to be worth a guess: at most
    /// a third of the letters inserted, deleted, changed or swapped with their neighbour.
    package static func nearest(
        to word: String, among known: some Sequence<String>
    ) -> String? {
        // What is longer than any word is no slip of the pen, and costs the square of its length.
        guard word.utf8.count <= 256 else { return nil }
        let letters = Array(word.lowercased())
        let limit = max(1, letters.count / 3)
        let near = known.map { (word: $0, distance: distance(letters, Array($0.lowercased()))) }
            .filter { $0.distance <= limit }
        // The second key makes the answer independent of a set's order.
        return near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
    }

    /// Optimal string alignment, in three rows.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var next = [row + 1]
            for column in right.indices {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, before[column - 1] + 1)
                }
                next.append(best)
            }
            (before, last) = (last, next)
        }
        return last[right.count]
    }
}
