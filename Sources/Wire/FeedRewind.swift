/// Which edition of a channel's feed goes out again.
package struct FeedRewindOrder: Arguments, Hashable {
    package static let declared = [
        Parameter.channel(required: true),
        Parameter(
            "edition", .number, required: true, "its number, as the list of editions has it",
            placeholder: "EDITION"),
        Parameter(
            "reduced", .flag,
            "without the pictures that the channel has not any more or may not show, and without the "
                + "items that need them"),
    ]

    package var channel: String
    package var edition: Int
    /// Nil: only if the channel has all of its pictures.
    package var reduced: Bool?

    package init(channel: String, edition: Int, reduced: Bool? = nil) {
        self.channel = channel
        self.edition = edition
        self.reduced = reduced
    }
}
