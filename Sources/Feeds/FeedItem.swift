/// One product in a feed: named values in the order of the profile's `items:`, texts filled in and
/// pictures confirmed. What is given several times stands there several times.
package struct FeedItem: Sendable, Hashable {
    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: FeedValue

        package init(_ name: String, _ value: FeedValue) {
            self.name = name
            self.value = value
        }

        package init(_ name: String, _ text: String) { self.init(name, .text(text)) }
    }

    /// Empty where it is not known: in what was read back.
    package var sku: String
    package var fields: [Field]
    /// Its texts were cleaned by this format before: what is told to be without HTML may look like it.
    package var isClean = false

    package init(sku: String, fields: [Field]) {
        self.sku = sku
        self.fields = fields
    }

    /// The text of the first value of that name that has one.
    package func text(_ name: String) -> String? {
        fields.first { $0.name == name && !$0.value.isEmpty }?.value.text
    }

    /// Those it names, in their order.
    package var pictures: [FeedPicture] {
        fields.compactMap { if case .picture(let picture) = $0.value { picture } else { nil } }
    }
}
