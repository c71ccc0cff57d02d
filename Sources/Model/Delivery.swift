package import Foundation

/// One rendition on its way to, or living at, one name on one channel.
package struct Delivery: Sendable, Hashable, Identifiable {
    package enum State: String, Sendable, CaseIterable {
        /// Wanted; its rendition does not exist yet.
        case render
        /// Its rendition passed; to be put (or put and not confirmed yet).
        case send
        /// Lies where a person fetches it, who brings it to its final name and says so.
        case handed
        /// Confirmed at its final name.
        case live
        /// No longer wanted; stays until its successor, the feed and `old_stays` let it go.
        case linger
        /// To be taken away and proven absent.
        case remove
        /// Fetched by nobody any more; a person takes it down and says so.
        case recalled
        /// Will not pass until it changes; a person is needed.
        case stuck
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
    package var replaces = false
    /// A person let it pass the guard.
    package var released = false
    /// Rights end, revoked, withdrawn: never waits for feed or guard.
    package var urgent = false
    package var because: String?
    /// What the channel has under this name, as last confirmed.
    package var heldKey: ContentHash?
    package var heldVersion: Int64?
    /// Something was begun under this name since the last confirmation: it may be there or not.
    package var touched = false
    package var confirmedAt: Date?
    package var confirmedBy: String?
    /// What the channel calls that which was last put under this name.
    package var object: RemoteObject?
    /// Since when the channel has had it and not come to an end with it.
    package var processingSince: Date?
    package var attempts = 0
    package var nextTry = Date.distantPast
    package var error: String?
    /// The list that tells a person of it.
    package var manifest: Int?
    package var since = Date.distantPast

    package init(
        id: Int64, channel: String, name: RemoteName, asset: Asset, slot: String, position: Int,
        version: Int64, rendition: String, key: ContentHash, state: State
    ) {
        self.id = id
        self.channel = channel
        self.name = name
        self.asset = asset
        self.slot = slot
        self.position = position
        self.version = version
        self.rendition = rendition
        self.key = key
        self.state = state
    }
}

extension Delivery.State {
    /// On its way out, with nothing to wait for.
    package var leaves: Bool { self == .remove || self == .recalled }
}
