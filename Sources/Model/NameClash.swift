/// Two files want one name: who has it keeps it, and the other's gate names both.
package enum NameClash {
    /// The name belongs to another SKU, or to another channel that lies at the same place.
    package static func gate(
        _ name: RemoteName, of asset: Asset, on channel: String, heldBy holder: Asset,
        of other: String?
    ) -> Gate {
        Gate(
            .name,
            "the name '\(name)' on '\(channel)' is held by \(holder)"
                + (other.map { " of '\($0)', which lies at the same place" } ?? "")
                + "; \(asset) must have another", turn: "ops",
            next: other == nil
                ? "put something into the slot's name that tells the two apart"
                : "give '\(channel)' a directory of its own in 'to', or names of its own")
    }

    /// Another asset of the same SKU has the name.
    package static func gate(
        _ name: RemoteName, of asset: Asset, in slot: String, heldBy holder: Asset,
        in other: String
    ) -> Gate {
        Gate(
            .name,
            "the name '\(name)' is already that of \(holder) in slot '\(other)'; "
                + "\(asset) must have another", turn: "ops",
            next: "put {position}, {view} or {hash} into the name of slot '\(slot)'")
    }
}
