/// What would make a file meet a demand, and whose turn that is.
struct Fix {
    let text: String
    /// As in `Gate.turn`.
    let turn: String

    /// The picture is to be another.
    static func studio(_ text: String) -> Fix { Fix(text: text, turn: "studio") }

    /// The profile is to be another; the picture may be instead.
    static func ops(_ text: String) -> Fix { Fix(text: text, turn: "ops") }

    /// What we made ourselves is not what was asked for.
    static let ours = Fix(
        text: "nothing that a profile or a picture could mend: please report it", turn: "sluice")
}
