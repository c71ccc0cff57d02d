package import Model

extension Spelling {
    /// `; did you mean 'format'?`, or nothing when no known word is near.
    package static func hint(to word: String, among known: some Sequence<String>) -> String {
        guard let nearest = nearest(to: word, among: known) else { return "" }
        return "; did you mean '\(nearest)'?"
    }
}
