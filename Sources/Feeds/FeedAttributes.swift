/// All attributes that an item of a format may have: asked by who reads a profile, who checks an
/// item, and who writes it.
package struct FeedAttributes: Sendable {
    /// The attribute that says which product it is, unique in an edition.
    package let identity: String
    package let all: [String: FeedAttribute]
    /// Known names that cannot be written yet.
    package let notBuilt: Set<String>
    /// In the order of the file: a place in it is what the steps of a program know an attribute by.
    let names: [String]
    let columns: [String: Int]
    let list: [FeedAttribute]
    /// The same, each by itself.
    let asked: [Asked]
    let demands: [FeedDemand]
    /// Required attribute → another that will do.
    let instead: [String: String]

    init(
        identity: String, named: [(String, FeedAttribute)], demands: [FeedDemand],
        instead: [String: String], notBuilt: Set<String>
    ) {
        self.identity = identity
        self.notBuilt = notBuilt
        self.demands = demands
        self.instead = instead
        names = named.map(\.0)
        list = named.map(\.1)
        asked = named.map(Asked.init)
        all = Dictionary(uniqueKeysWithValues: named)
        columns = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    package var required: [String] { names.filter { all[$0]?.isRequired == true } }

    /// What every item must have, and none has where only `given` is said: each by itself, or those of
    /// which one will do.
    package func lacking(_ given: Set<String>) -> [[String]] {
        let alone = required.filter { name in
            name != identity && !given.contains(name)
                && !(instead[name].map(given.contains) ?? false)
        }
        let together = demands.compactMap { demand -> [String]? in
            guard case .anyOf(let columns) = demand else { return nil }
            return columns.map { names[$0] }
        }
        return alone.map { [$0] } + together.filter { given.isDisjoint(with: $0) }
    }

    func column(_ name: String) -> Int? { columns[name] }

    /// With what the profile says of the document's head.
    func answered(_ head: [String: String]) -> FeedAttributes {
        changed { attribute in attribute.clean = attribute.clean.map { $0.answered(head) } }
    }

    /// Every attribute, and every part of one.
    func changed(_ change: (inout FeedAttribute) -> Void) -> FeedAttributes {
        let named = zip(names, list).map { name, attribute in
            var attribute = attribute
            change(&attribute)
            attribute.parts = attribute.parts?.map { part in
                var inner = part.attribute
                change(&inner)
                return FeedAttribute.Part(name: part.name, attribute: inner)
            }
            return (name, attribute)
        }
        return FeedAttributes(
            identity: identity, named: named, demands: demands, instead: instead,
            notBuilt: notBuilt)
    }
}

/// An attribute to be asked of a million items: one that is handed about, and not copied with all its words
/// and lists.
final class Asked: Sendable {
    let name: String
    let attribute: FeedAttribute
    /// What is done to a text of it before it is looked at.
    let filters: [TextFilter]
    let parts: [Asked]?
    /// It may not say just anything.
    let hasWords: Bool
    /// The one in which its prices have to be.
    let currency: String?

    init(_ name: String, _ attribute: FeedAttribute) {
        (self.name, self.attribute, filters) = (name, attribute, attribute.filters)
        hasWords =
            !attribute.words.isEmpty || attribute.pattern != nil || !attribute.tables.isEmpty
        currency = filters.lazy.compactMap(\.currency).first
        parts = attribute.parts?.map { Asked($0.name, $0.attribute) }
    }
}

/// What a channel asks of several attributes together.
enum FeedDemand: Sendable, Hashable {
    /// One of them at least.
    case anyOf([Int])
    /// All of them, or none.
    case allOf([Int])
    /// One, where another says one of these words.
    case needs(Int, when: Int, words: [String])
}
