/// A place that tells what lies in it, whoever has put it there.
package protocol ListingTransport: Transport {
    /// What lies in one folder and is not known here, no more of it than the search wants. Temporary
    /// files and markers of ours are no strangers. A folder that is not there holds none.
    func strangers(_ search: StrangerSearch) async throws(DeliveryError) -> Strangers
}

/// What is looked for in one folder. All is asked where nobody may wait, for each name.
package struct StrangerSearch: Sendable {
    /// Below the transport's own: empty for that one, else with a slash at its end.
    package var folder: String
    /// Names beyond that are not told: a million of them would fill the memory.
    package var most: Int
    /// It could be a name of ours, or a folder on the way to one.
    package var fits: @Sendable (String) -> Bool
    package var isKnown: @Sendable (String) -> Bool
    /// False: somebody waits, and the listing ends with an error of origin `.ended`.
    package var goesOn: @Sendable () -> Bool

    package init(
        _ folder: String, most: Int, fits: @escaping @Sendable (String) -> Bool,
        isKnown: @escaping @Sendable (String) -> Bool,
        goesOn: @escaping @Sendable () -> Bool = { true }
    ) {
        self.folder = folder
        self.most = most
        self.fits = fits
        self.isKnown = isKnown
        self.goesOn = goesOn
    }

    package func finds(_ leaf: String) -> Bool { !isKnown(leaf) && fits(leaf) }
}

package struct Strangers: Sendable {
    /// In the order of the listing.
    package var names: [String]
    /// How often the other side was asked.
    package var questions: Int

    package init(_ names: [String], questions: Int = 1) {
        self.names = names
        self.questions = questions
    }
}
