import Support

/// What a test may want different in a profile.
struct Twist {
    var quality = "70..85"
    var state = "live"
    var limits = "{withdraw: 100%, replace: 100%, at_least: 1000}"
    var oldStays = "0s"
    var hostKeys: [String]?
    var comment = ""
    /// Another place than usual.
    var to: String?
    var deliver: [String] = []
    var feed = true
    var market: String? = "[DE]"
    var audience = "public"
    var fit = "pad"
}

extension Channel {
    /// In the folder and by SFTP a new version takes the old one's name; on the web every
    /// rendition has a name of its own.
    func profile(_ site: Site, _ twist: Twist = Twist()) -> String {
        let more =
            self == .web
            ? "{hash}-{sku}-{position}.{ext}" : "{sku}-{view}-{position}.{ext}"
        let lines =
            [
                "channel: \(self)", "title: Test channel \(self)", "state: \(twist.state)",
                twist.market.map { "market: \($0)" } ?? "",
                "select: {kind: image, audience: \(twist.audience)}",
                "slots:",
                "  main: {view: front, rendition: small,",
                "    name: \"\(self == .web ? "{hash}-" : ""){sku}.{ext}\"}",
                "  more: {view: [back, detail], take: all, max: 5, rendition: small,",
                "    name: \"\(more)\"}",
                "renditions:",
                "  small: {size: 32x32..96x96, fit: \(twist.fit), background: {color: \"#FFFFFF\"},",
                "    upscale: never, format: jpeg, quality: \(twist.quality), color: srgb}",
                twist.comment.isEmpty ? "" : "# \(twist.comment)",
                "limits: \(twist.limits)",
                "deliver:", "  to: \(twist.to ?? to(site))", "  old_stays: \(twist.oldStays)",
            ] + login(site, twist) + twist.deliver.map { "  " + $0 }
            + (self == .web && twist.feed ? feed(site) : [])
        return lines.joined(separator: "\n") + "\n"
    }

    private func to(_ site: Site) -> String {
        switch self {
        case .folder: "file://\(site.root(of: self))/"
        case .web: site.webBase + "img/"
        case .sftp: "sftp://127.0.0.1:\(site.servers.sftp.port)\(site.root(of: self))/"
        }
    }

    private func login(_ site: Site, _ twist: Twist) -> [String] {
        switch self {
        case .folder: return []
        case .web: return ["  allow_private: true", "  sessions: 2"]
        case .sftp:
            let pins = (twist.hostKeys ?? site.servers.sftp.hostKeys)
                .map { "\"\($0)\"" }.joined(separator: ", ")
            return [
                "  allow_private: true", "  user: \(site.servers.sftp.user)",
                "  key: credential:sftp-key", "  host_keys: [\(pins)]", "  sessions: 2",
            ]
        }
    }

    private func feed(_ site: Site) -> [String] {
        [
            "feed:", "  format: google-rss", "  file: products.xml",
            "  to: \(site.webBase)feed/", "  image_base: \(site.webBase)img/",
            "  link: https://shop.example.com/",
            "  items:", "    id: \"{sku}\"", "    title: \"{product.title}\"",
            "    description: \"{product.description}\"", "    link: \"{product.link}\"",
            "    image_link: slot:main", "    additional_image_link?: slot:more",
            "    price: \"{product.price}\"", "    availability: \"{product.availability}\"",
            "    condition: new",
            "  publish: {quiet: 0s, at_least_every: 1h}", "  drop: 5%",
        ]
    }
}
