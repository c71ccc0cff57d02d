/// All formats there are: the only list of them.
package enum FeedFormats {
    package static let all: [any FeedFormat.Type] = [GoogleRSS.self, GoogleTSV.self]

    /// Words of the language for formats that this build does not write.
    package static let notBuilt = ["google-atom", "meta", "ebay-mip", "bmecat", "sitemap"]

    package static func named(_ name: String) -> (any FeedFormat.Type)? {
        all.first { $0.name == name }
    }
}
