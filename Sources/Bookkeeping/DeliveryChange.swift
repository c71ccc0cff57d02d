package import Model

/// What reconciling one SKU found different on one channel.
package enum DeliveryChange: Sendable {
    /// Something is wanted under a name.
    /// - `replaces`: it takes the place of something that is live: counted by the guard.
    /// - `over`: the row that has the name now; nil: none.
    case want(Wanted, replaces: Bool, over: Delivery?)
    /// A row that is wanted no longer.
    case drop(Delivery, because: String, urgent: Bool)
    /// What is there stays, and what was to take its place does not come.
    case keep(Delivery)
    /// May be there although the ledger, which was lost once, does not know it, and may not be.
    case seek(Wanted)

    /// Must not wait for anything.
    package var isUrgent: Bool {
        switch self {
        case .drop(_, _, urgent: true), .seek: true
        default: false
        }
    }
}

/// Closed gates of an asset that has nothing wanted on a channel.
package struct Refused: Sendable, Hashable {
    package var channel: String
    package var asset: Asset
    package var gates: [Gate]
    /// Held by another SKU: asked again when it becomes free.
    package var waitsFor: RemoteName?

    package init(
        channel: String, asset: Asset, gates: [Gate], waitsFor: RemoteName? = nil
    ) {
        self.channel = channel
        self.asset = asset
        self.gates = gates
        self.waitsFor = waitsFor
    }
}
