import Yams

/// What libyaml itself makes of a text.
enum Reference {
    /// Nil when it does not parse.
    static func hasAnchor(_ text: String) -> Bool? {
        // Anchors are held weakly by nodes: they live as long as the parser.
        guard let parser = try? Parser(yaml: text, resolver: .basic),
            let root = try? parser.singleRoot()
        else { return nil }
        return withExtendedLifetime(parser) { hasAnchor(root) }
    }

    private static func hasAnchor(_ node: Yams.Node) -> Bool {
        if node.anchor != nil { return true }
        switch node {
        case .sequence(let items): return items.contains { hasAnchor($0) }
        case .mapping(let pairs): return pairs.contains { hasAnchor($0) || hasAnchor($1) }
        case .scalar: return false
        case .alias: return true
        }
    }
}
