import Model
import YAML

extension Shape where Value == Transformation? {
    /// `true`, `false`, or what the channel makes; nil for `false`.
    static var transformation: Shape<Transformation?> {
        Shape(words: Shape<Bool>.bool.words) { node, label, reader in
            guard node.entries != nil else {
                return Shape<Bool>.bool.read(node, label, reader).map {
                    $0 ? Transformation() : nil
                }
            }
            return reader.mapping(node, "'\(label)'") { keys -> Transformation? in
                let made = Transformation(
                    within: keys.optional("within", .size), format: keys.optional("format", .format)
                )
                if keys.node("within") == nil, keys.node("format") == nil {
                    reader.report(
                        node.place, "'\(label)' needs 'within', 'format', or just 'true'",
                        code: "missing-key")
                }
                return made
            }
        }
    }
}

extension Shape where Value == ImageFormat {
    fileprivate static var format: Shape<ImageFormat> {
        choice(ImageFormat.allCases.map { ($0.rawValue, $0) })
    }
}
