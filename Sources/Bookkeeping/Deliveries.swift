package import Foundation
package import Model

/// One rendition on its way to, or living at, one name on one channel.
package struct Delivery: Sendable, Hashable, Identifiable {
    package enum State: String, Sendable, CaseIterable {
        /// Wanted; its rendition does not exist yet.
        case render
        /// Its rendition passed; to be put (or put and not confirmed yet).
        case send
        /// Confirmed at its final name.
        case live
        /// No longer wanted; stays until its successor, the feed and `old_stays` let it go.
        case linger
        /// To be taken away and proven absent.
        case remove
        /// Will not pass until it changes; a person is needed.
        case stuck

        /// As people read it.
        package var word: String {
            switch self {
            case .render: "rendering"
            case .send: "sending"
            case .live: "live"
            case .linger: "lingering"
            case .remove: "removing"
            case .stuck: "stuck"
            }
        }
    }

    package var id: Int64
    package var channel: String
    package var name: RemoteName
    package var asset: Asset
    package var slot: String
    package var position: Int
    package var version: Int64
    package var rendition: String
    package var key: ContentHash
    package var state: State
    /// True where this takes the place of something that is live: counted by the guard.
    package var replaces: Bool
    /// A person let it pass the guard.
    package var released: Bool
    /// Rights end, revoked, withdrawn: never waits for feed or guard.
    package var urgent: Bool
    package var because: String?
    /// What the channel has under this name, as last confirmed.
    package var heldKey: ContentHash?
    package var heldVersion: Int64?
    /// Something was begun under this name since the last confirmation: it may be there or not.
    package var touched: Bool
    package var confirmedAt: Date?
    package var confirmedBy: String?
    package var attempts: Int
    package var nextTry: Date
    package var error: String?
    package var since: Date

    init(row: Row) throws {
        guard let name = RemoteName(rawValue: row["name"]), let key = row.hash("key"),
            let state = State(rawValue: row["state"])
        else { throw Damage(description: "delivery \(row["id"] as Int64) is damaged") }
        id = row["id"]
        channel = row["channel"]
        self.name = name
        asset = row.asset
        slot = row["slot"]
        position = row["position"]
        version = row["version"]
        rendition = row["rendition"]
        self.key = key
        self.state = state
        replaces = row["replaces"]
        released = row["released"]
        urgent = row["urgent"]
        because = row["because"]
        heldKey = row.hash("held_key")
        heldVersion = row["held_version"]
        touched = row["touched"]
        confirmedAt = row.date("confirmed_at")
        confirmedBy = row["confirmed_by"]
        attempts = row["attempts"]
        nextTry = row.date("next_try") ?? .distantPast
        error = row["error"]
        since = row.date("since") ?? .distantPast
    }
}

/// What reconciling one SKU found different on one channel.
package enum DeliveryChange: Sendable {
    /// Something wanted under a name: a new row, or an existing one that changes.
    case want(Wish)
    /// A row that is wanted no longer.
    case drop(Delivery, because: String, urgent: Bool)
    /// What is there stays, and what was to take its place does not come.
    case keep(Delivery)
    /// May be there although the ledger, which was lost once, does not know it, and may not be.
    case seek(Wish)

    /// Must not wait for anything.
    package var isUrgent: Bool {
        switch self {
        case .drop(_, _, urgent: true), .seek: true
        default: false
        }
    }

    package struct Wish: Sendable {
        package var channel: String
        package var name: RemoteName
        package var asset: Asset
        package var slot: String
        package var position: Int
        package var version: Int64
        package var rendition: String
        package var key: ContentHash
        package var master: ContentHash
        package var recipe: Recipe
        package var particulars: RenditionInputs
        package var passed: Bool
        package var replaces: Bool
        /// The row that has the name now.
        package var old: Delivery?

        package init(
            channel: String, name: RemoteName, asset: Asset, slot: String, position: Int,
            version: Int64, rendition: String, key: ContentHash, master: ContentHash,
            recipe: Recipe, particulars: RenditionInputs = .none, passed: Bool, replaces: Bool,
            old: Delivery?
        ) {
            self.channel = channel
            self.name = name
            self.asset = asset
            self.slot = slot
            self.position = position
            self.version = version
            self.rendition = rendition
            self.key = key
            self.master = master
            self.recipe = recipe
            self.particulars = particulars
            self.passed = passed
            self.replaces = replaces
            self.old = old
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
