/// HTML in texts that are to have none.
enum Markup {
    /// Elements that a shop's editor writes; not all that stands in angle brackets is a tag.
    private static let elements: Set<String> = [
        "a", "abbr", "article", "b", "blockquote", "body", "br", "center", "code", "div", "em",
        "font",
        "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe",
        "img", "li", "link", "main", "meta", "ol", "p", "pre", "s", "script", "section", "small",
        "span",
        "strike", "strong", "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
        "title", "tr", "u", "ul",
    ]
    /// What stands after one of these begins in a new line.
    private static let blocks: Set<String> = [
        "article", "blockquote", "br", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "header",
        "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
    ]
    /// What stands in them is for no reader.
    private static let silent: Set<String> = ["head", "script", "style"]

    static func holdsTags(_ text: String) -> Bool {
        guard text.utf8.contains(0x3C) else { return false }
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            if tag(rest[open...]) != nil { return true }
            rest = rest[rest.index(after: open)...]
        }
        return false
    }

    /// The text without tags, comments and scripts; entities decoded once; one space for many, a line
    /// for each block.
    static func strip(_ text: String) -> String {
        var plain = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            plain += spaced(rest[..<open])
            let found = rest[open...]
            if found.hasPrefix("<!--") {
                rest = found.firstRange(of: "-->").map { found[$0.upperBound...] } ?? ""
            } else if let tag = tag(found) {
                rest = found[tag.end...]
                if blocks.contains(tag.name) { plain += "\n" }
                if !tag.isEnd, silent.contains(tag.name) { rest = after(tag.name, in: rest) }
            } else {
                plain += "<"
                rest = found.dropFirst()
            }
        }
        plain += spaced(rest)
        return lines(Entities.decode(plain))
    }

    /// Line breaks of the source mean no more than blanks.
    private static func spaced(_ text: Substring) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private static func lines(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { line in
            line.split { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }.joined(separator: " ")
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func after(_ name: String, in rest: Substring) -> Substring {
        var rest = rest
        while let open = rest.firstIndex(of: "<") {
            rest = rest[open...]
            if let tag = tag(rest), tag.isEnd, tag.name == name { return rest[tag.end...] }
            rest = rest.dropFirst()
        }
        return rest.suffix(0)
    }

    /// The tag that begins here; nil where `<` is only a sign.
    private static func tag(
        _ text: Substring
    ) -> (name: String, isEnd: Bool, end: Substring.Index)? {
        var rest = text.dropFirst()
        let isEnd = rest.first == "/"
        if isEnd { rest = rest.dropFirst() }
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard name.utf8.count <= 10, elements.contains(name.lowercased()) else { return nil }
        rest = rest[name.endIndex...]
        guard let next = rest.first, next == ">" || next == "/" || next.isWhitespace,
            let close = rest.firstIndex(where: { $0 == ">" || $0 == "<" }), rest[close] == ">"
        else { return nil }
        return (name.lowercased(), isEnd, rest.index(after: close))
    }
}
