/// A rendition that belongs on a channel, under the name it is to have there.
package struct Wanted: Sendable, Hashable {
    package var channel: String
    package var name: RemoteName
    package var asset: Asset
    package var slot: String
    /// From 1, within the slot.
    package var position: Int
    package var version: Int64
    package var master: ContentHash
    /// The profile's name for it.
    package var rendition: String
    package var key: ContentHash
    package var recipe: Recipe
    package var particulars: RenditionInputs
    /// Rendered, measured and found compliant; false: still to be rendered.
    package var passed: Bool

    package init(
        channel: String, name: RemoteName, asset: Asset, slot: String, position: Int,
        version: Int64, master: ContentHash, rendition: String, key: ContentHash, recipe: Recipe,
        particulars: RenditionInputs = .none, passed: Bool
    ) {
        self.channel = channel
        self.name = name
        self.asset = asset
        self.slot = slot
        self.position = position
        self.version = version
        self.master = master
        self.rendition = rendition
        self.key = key
        self.recipe = recipe
        self.particulars = particulars
        self.passed = passed
    }
}
