import Foundation
import Model
import YAML

/// What one document says about one file. Everything may be left out: a sidecar is laid over the
/// manifest's entry, that over the manifest's defaults, and the file name fills what is missing.
struct Statement: Sendable, Equatable {
    var place: Place
    var skus: [String] = []
    var view: String?
    var number: Int?
    var variant: String?
    var audience: String?
    var season: String?
    var approval: Approval?
    var rights: Rights?
    var tags: [String]?
    var withdrawn: Withdrawal?
    var focus: Focus?
    var bytes: Int64?
    var sha256: ContentHash?

    /// This one where it speaks, `base` where it does not. A view and its number go together.
    func over(_ base: Statement) -> Statement {
        Statement(
            place: place, skus: skus.isEmpty ? base.skus : skus, view: view ?? base.view,
            number: number ?? (view == nil ? base.number : nil), variant: variant ?? base.variant,
            audience: audience ?? base.audience, season: season ?? base.season,
            approval: approval ?? base.approval, rights: rights ?? base.rights,
            tags: tags ?? base.tags, withdrawn: withdrawn ?? base.withdrawn,
            focus: focus ?? base.focus, bytes: bytes ?? base.bytes, sha256: sha256 ?? base.sha256)
    }

    /// Fills what is missing from the file name.
    func filled(from name: NamePattern.Reading) -> Statement {
        var filled = self
        if skus.isEmpty { filled.skus = [name.sku] }
        if view == nil {
            filled.view = name.view
            filled.number = number ?? name.number
            filled.variant = variant ?? name.variant
        }
        filled.season = season ?? name.season
        return filled
    }

    /// Nil while the SKU or the view is unknown.
    var declaration: Declaration? {
        guard !skus.isEmpty, let view else { return nil }
        let assets = skus.map {
            Asset(sku: $0, view: view, number: number ?? 1, variant: variant ?? "")
        }
        var declaration = Declaration(
            assets: assets, audience: audience ?? "public", season: season, tags: tags ?? [],
            approval: approval, rights: rights ?? Rights(), withdrawn: withdrawn, bytes: bytes,
            sha256: sha256)
        declaration.focus = focus
        return declaration
    }
}

/// The text by which a product is known.
enum Sku {
    static let expected = "1 to 64 characters, without control characters"

    /// Composed and without the blanks around it; nil for what cannot be a SKU. It is data and may
    /// hold `/`: what becomes a path or a name passes through `RemoteName` or a hash.
    static func parse(_ text: String) -> String? {
        let trimmed = text.trimmingCharacters(in: .whitespaces).composed
        return isFit(trimmed) ? trimmed : nil
    }

    static func isFit(_ text: String) -> Bool {
        (1...64).contains(text.count) && text.utf8.count <= 256
            && !text.unicodeScalars.contains(where: SpoolName.isInvisible)
    }
}

/// Reads the keys that sidecars and manifest entries share.
struct StatementReader: Sendable {
    let settings: SpoolSettings
    /// When the document was last changed: the date of a withdrawal that names none.
    let date: Date

    func statement(_ keys: Keys) -> Statement {
        _ = keys.optional("kind", Self.kind)
        var statement = Statement(place: keys.place)
        statement.skus = skus(keys)
        readView(keys, &statement)
        statement.variant = keys.optional("variant", Self.label)
        statement.audience = keys.optional("audience", .word)
        statement.season = keys.optional("season", Self.label)
        statement.approval = approval(keys)
        statement.rights = rights(keys)
        if keys.node("tags") != nil { statement.tags = keys.list("tags", Self.label) }
        statement.withdrawn = withdrawal(keys)
        statement.focus = keys.optional("focus", Self.focus)
        statement.bytes = keys.optional("size", .bytes)
        statement.sha256 = keys.optional("sha256", Self.hash)
        return statement
    }

    /// SKUs that one picture may serve: a hundred sizes and colours, no catalogue.
    private static let mostSKUs = 100

    private func skus(_ keys: Keys) -> [String] {
        if let items = keys.node("sku")?.items, items.count > Self.mostSKUs {
            keys.reader.report(
                keys.place("sku"),
                "'sku' names \(items.count) SKUs, and one picture serves at most "
                    + "\(Self.mostSKUs); is the list of another file in here?", code: "too-many")
            return []
        }
        let skus = keys.list("sku", Self.sku)
        if Set(skus).count < skus.count {
            keys.reader.report(keys.place("sku"), "'sku' names one twice", code: "duplicate")
        }
        return skus
    }

    private func readView(_ keys: Keys, _ statement: inout Statement) {
        let number = keys.optional("number", .integer(1...999))
        statement.number = number
        let views = settings.views
        let shape = Shape<(name: String, number: Int?)> { node, label, reader in
            guard let text = Shape.identifier.read(node, label, reader) else { return nil }
            if let view = views.resolve(text) { return view }
            // What is longer than any view is no slip of the pen.
            let hint = text.utf8.count <= 64 ? Spelling.hint(to: text, among: views.words) : ""
            reader.report(
                node.place, "there is no view \(node.described)\(hint)",
                code: "unknown-view")
            return nil
        }
        guard let view = keys.optional("view", shape) else { return }
        statement.view = view.name
        statement.number = number ?? view.number
        guard let number, let numbered = view.number, number != numbered else { return }
        keys.reader.report(
            keys.place("number"), "'number' is \(number), but the view is numbered \(numbered)",
            code: "contradiction")
    }

    private func approval(_ keys: Keys) -> Approval? {
        keys.mapping("approval", "an approval") { keys in
            let by = keys.required("by", Self.label)
            let at = keys.required("at", .date(in: settings.zone, .start))
            let seq = keys.optional("seq", .integer(0...1_000_000_000))
            let hash = keys.optional("sha256", Self.hash)
            guard let by, let at else { return nil }
            return Approval(by: by, at: at, seq: seq ?? 0, sha256: hash)
        } ?? nil
    }

    private func rights(_ keys: Keys) -> Rights? {
        keys.mapping("rights", "rights") { keys in
            let rights = Rights(
                from: keys.optional("from", .date(in: settings.zone, .start)),
                until: keys.optional("until", .date(in: settings.zone, .end)),
                markets: keys.node("in") == nil ? nil : keys.list("in", Self.market),
                notOn: keys.list("not_on", .word),
                noCrop: keys.optional("no_crop", .bool) ?? false,
                overridesEmbedded: keys.optional("overrides", Self.embedded) ?? false,
                because: keys.optional("because", .text))
            check(rights, keys)
            return rights
        }
    }

    private func check(_ rights: Rights, _ keys: Keys) {
        if let from = rights.from, let until = rights.until, until <= from {
            keys.reader.report(
                keys.place("until"), "the rights end before they begin", code: "contradiction")
        }
        if rights.overridesEmbedded, rights.because == nil {
            keys.reader.report(
                keys.place("overrides"), "'overrides' needs 'because' with a reason",
                code: "missing-key")
        }
        if rights.markets?.isEmpty == true {
            keys.reader.report(
                keys.place("in"), "'in' names no market; leave it out for everywhere",
                code: "no-value")
        }
    }

    /// `withdrawn: the reason`, or a mapping with `because` and the date.
    private func withdrawal(_ keys: Keys) -> Withdrawal? {
        guard let node = keys.node("withdrawn") else { return nil }
        guard node.entries != nil else {
            return keys.optional("withdrawn", Self.reason).map { Withdrawal(at: date, because: $0) }
        }
        return keys.mapping("withdrawn", "a withdrawal") { keys in
            let because = keys.required("because", .text)
            let at = keys.optional("at", .date(in: settings.zone, .start)) ?? date
            return because.map { Withdrawal(at: at, because: $0) }
        } ?? nil
    }
}

extension StatementReader {
    private static let kind = Shape<String>.choice(
        [("image", "image")], notBuilt: ["video", "document", "model", "audio"])

    /// `[0.5, 0.3]`: how far across and how far down.
    private static let focus = Shape<Focus> { node, label, reader in
        guard let items = node.items, items.count == 2 else {
            reader.report(
                node.place,
                "'\(label)' wants two shares, across and down, such as [0.5, 0.3], not "
                    + node.described, code: "bad-value")
            return nil
        }
        let shares = items.compactMap { share.read($0, label, reader) }
        return shares.count == 2 ? Focus(x: shares[0], y: shares[1]) : nil
    }

    private static let share = Shape<Double>(expects: "a share such as 0.3 or 30%") { text in
        if let share = Units.share(text) { return share }
        let isPlain =
            text.utf8.count <= 12 && text.utf8.allSatisfy { ".0123456789".utf8.contains($0) }
        return isPlain ? Double(text).flatMap { (0...1).contains($0) ? $0 : nil } : nil
    }

    private static let sku = Shape<String> { node, label, reader in
        guard let text = Shape.identifier.read(node, label, reader) else { return nil }
        if let sku = Sku.parse(text) { return sku }
        reader.report(
            node.place, "'\(label)' wants \(Sku.expected), not \(node.described)",
            code: "bad-value")
        return nil
    }

    /// One line of visible text.
    private static let label = Shape<String>(expects: "a text of up to 64 characters") { text in
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        let isFit =
            (1...64).contains(trimmed.count) && trimmed.utf8.count <= 256
            && !trimmed.unicodeScalars.contains(where: SpoolName.isInvisible)
        return isFit ? trimmed : nil
    }

    private static let hash = Shape<ContentHash>(expects: "64 hexadecimal digits") {
        ContentHash(rawValue: $0)
    }

    private static let market = Shape<String>(expects: "a market such as DE or EU") { text in
        let isFit =
            (2...8).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && $0.isLetter }
        return isFit ? text.uppercased() : nil
    }

    private static let embedded = Shape<Bool>.choice([("embedded", true)])

    /// `withdrawn: true` would withdraw for no reason anybody could read later.
    private static let reason = Shape<String>(
        expects: "a reason, such as \"wrong colour\""
    ) { text in
        ["true", "false", "yes", "no"].contains(text.lowercased()) || text.isEmpty ? nil : text
    }
}
