import Model
import YAML

struct SlotReader {
    let keys: Keys
    let vocabulary: Vocabulary
    /// Of every rendition by name; nil where it could not be told.
    let formats: [String: ImageFormat?]
    let scope: TemplateScope

    private var reader: Reader { keys.reader }

    func slots() -> [Profile.Slot] {
        guard keys.requiredNode("slots") != nil else { return [] }
        let slots =
            keys.mapping("slots", "'slots'") { keys in
                keys.others().compactMap { slot($0) }
            } ?? []
        for (index, slot) in slots.enumerated() {
            guard
                let twin = slots[..<index].first(where: { $0.template.text == slot.template.text })
            else { continue }
            checkTwins(twin, slot)
        }
        return slots
    }

    private func slot(_ entry: Node.Entry) -> Profile.Slot? {
        guard
            reader.read(Node(place: entry.place, content: .text(entry.key)), "slot", .word) != nil
        else { return nil }
        return reader.mapping(entry.value, "a slot") { keys in
            let views = views(keys)
            let takesAll = keys.optional("take", .choice([("first", false), ("all", true)]))
            let max = keys.optional("max", .integer(1...999))
            let required = keys.optional("required", .bool) ?? false
            let rendition = rendition(keys)
            var scope = scope
            scope.views = views
            let template = keys.requiredNode("name").flatMap { scope.template($0, "name", reader) }
            if max != nil, takesAll != true {
                reader.report(keys.place("max"), "'max' needs 'take: all'", code: "bad-value")
            }
            guard let rendition, let template else { return nil }
            checkExtension(template, formats[rendition] ?? nil)
            if takesAll == true { checkUnique(template, views) }
            let places = ["view", "take", "max", "name", "required"].map { ($0, keys.place($0)) }
            return Profile.Slot(
                name: entry.key, views: views, takesAll: takesAll ?? false, max: max,
                required: required, rendition: rendition, template: template, place: entry.place,
                places: Dictionary(uniqueKeysWithValues: places))
        } ?? nil
    }

    private func views(_ keys: Keys) -> [String] {
        guard keys.requiredNode("view") != nil else { return [] }
        var views: [String] = []
        for view in keys.list("view", .text) {
            if let fault = vocabulary.fault(inView: view) {
                reader.report(keys.place("view"), fault, code: "unknown-view")
            } else if views.contains(view) {
                reader.report(
                    keys.place("view"), "view '\(view)' is there twice", code: "duplicate")
            } else {
                views.append(view)
            }
        }
        return views
    }

    private func rendition(_ keys: Keys) -> String? {
        guard let name = keys.required("rendition", .text) else { return nil }
        if formats.keys.contains(name) { return name }
        let hint = Spelling.hint(to: name, among: formats.keys)
        reader.report(
            keys.place("rendition"), "there is no rendition '\(name)'\(hint)",
            code: "unknown-rendition")
        return nil
    }

    // MARK: Names

    /// Channels go by the bytes or by the extension; a name in which they disagree fails on some.
    private func checkExtension(_ template: Template, _ format: ImageFormat?) {
        guard let format, case .literal(let tail) = template.parts.last,
            let dot = tail.lastIndex(of: ".")
        else { return }
        let written = tail[tail.index(after: dot)...].lowercased()
        guard ImageFormat.allCases.contains(where: { $0.extensions.contains(written) }),
            !format.extensions.contains(written)
        else { return }
        reader.report(
            template.place,
            "the name ends in '.\(written)' and the rendition is \(format.rawValue); write '{ext}'",
            code: "extension")
    }

    private func checkUnique(_ template: Template, _ views: [String]) {
        if template.uses("position", "hash") { return }
        if template.uses("number"), views.count < 2 || template.uses("view") { return }
        let missing = views.count < 2 ? "{number}" : "{view} and {number}"
        reader.report(
            template.place,
            "'take: all' gives several files this name; it needs {position}, or \(missing)",
            code: "same-name")
    }

    private func checkTwins(_ first: Profile.Slot, _ second: Profile.Slot) {
        if second.template.uses("slot", "hash") { return }
        let apart = Set(first.views).isDisjoint(with: second.views)
        if apart, second.template.uses("view") { return }
        reader.report(
            second.template.place, "slots '\(first.name)' and '\(second.name)' give the same name",
            code: "same-name",
            notes: [Problem.Note(first.template.place, "the name in '\(first.name)'")])
    }
}
