import Model
import YAML

/// Finds texts that speak of what is not there where they stand.
struct ElementChecks {
    let reader: Reader
    let attributes: FeedAttributes

    /// - Parameters:
    ///   - inItem: a product is at hand.
    ///   - column: the attribute that is gone through around it.
    func check(_ element: Element, inItem: Bool, column: Int? = nil) {
        let inItem = inItem || element.each == .item
        var column = column
        if case .field(let each)? = element.each {
            column = each
            if !inItem { report(element, "goes through an attribute") }
        }
        var texts = element.attributes.map(\.text)
        if case .text(let text) = element.content { texts.append(text) }
        for source in texts.flatMap(\.references).flatMap(\.sources) {
            check(source, element, inItem, column)
        }
        if case .fields = element.content, !inItem { report(element, "has an item's attributes") }
        for child in element.children { check(child, inItem: inItem, column: column) }
    }

    private func check(
        _ source: FeedText.Source, _ element: Element, _ inItem: Bool, _ column: Int?
    ) {
        switch source {
        case .field where !inItem: report(element, "speaks of an item")
        case .part(let group, _) where column != group:
            let name = attributes.names[group]
            reader.report(
                element.place,
                "'\(element.name)' speaks of a part of '\(name)'; it has to stand within "
                    + "'each: \(name)'", code: "misplaced")
        default: break
        }
    }

    private func report(_ element: Element, _ what: String) {
        reader.report(
            element.place, "'\(element.name)' \(what); it has to stand within 'each: item'",
            code: "misplaced")
    }
}
