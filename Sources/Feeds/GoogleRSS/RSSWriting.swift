private import XML

extension GoogleRSS {
    package func write(
        _ outline: FeedOutline, to descriptor: Int32, _ next: () throws -> FeedItem?
    ) throws -> Int {
        var writer = try Writer(descriptor: descriptor)
        try writer.start("rss")
        try writer.attribute("version", "2.0")
        try writer.attribute("xmlns:g", Self.namespace)
        try writer.start("channel")
        try writer.element("title", title)
        try writer.element("link", link)
        try writer.element("description", description)
        while let item = try next() {
            try writer.start("item")
            for field in item.fields {
                let isNative = Self.native.contains(field.name)
                try Self.write(field, as: isNative ? field.name : "g:" + field.name, to: &writer)
            }
            try writer.end()
        }
        return try writer.finish()
    }

    private static func write(
        _ field: FeedItem.Field, as name: String, to writer: inout Writer
    ) throws(XMLFault) {
        guard !field.value.isEmpty else { return }
        guard case .group(let parts) = field.value else {
            return try writer.element(name, field.value.text ?? "")
        }
        try writer.start(name)
        for part in parts { try write(part, as: "g:" + part.name, to: &writer) }
        try writer.end()
    }
}
