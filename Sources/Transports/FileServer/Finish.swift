import YAML

/// How a file comes to its final name on a server that has folders.
package enum Finish: String, Sendable, CaseIterable {
    /// Upload under a temporary name, check the size, rename.
    case rename
    /// Straight to the final name, for servers that forbid renaming.
    case direct

    static let shape: Shape<Finish> = {
        let choice = Shape<Finish>.choice()
        return Shape(words: choice.words) { node, label, reader in
            guard node["marker"] == nil else {
                reader.report(notBuilt: "'\(label): {marker: …}'", node.place)
                return nil
            }
            return choice.read(node, label, reader)
        }
    }()
}
