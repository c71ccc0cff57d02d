extension Shape where Value == String {
    /// Of a shop, or of a place below which pictures are found: by http or https, with nothing that
    /// would have to be escaped.
    package static var publicAddress: Shape<String> {
        Shape(expects: "a public address such as https://img.example.com/img/") { text in
            let isPublic = text.hasPrefix("https://") || text.hasPrefix("http://")
            let rest = text.drop { $0 != ":" }.dropFirst(3)
            let fits = text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && !"\"<>\\^`{|}?#".utf8.contains($0)
            }
            return isPublic && fits && !rest.isEmpty && !rest.hasPrefix("/") ? text : nil
        }
    }
}
