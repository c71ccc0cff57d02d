import Foundation
import Model
import Profiles
import Testing
import Transports

@Suite struct LoaderTests {
    @Test func readsEverything() throws {
        let text = try #require(try Samples.shipped()["marketplace"])
        let profile = try Loader.load(text: text, file: "m.yaml", vocabulary: .sample).get()
        let address = try #require(profile.address)
        #expect(address.description == "sftp://feeds.example.com/incoming/")
        let options = try #require(profile.destination?.options as? SFTPOptions)
        #expect(options.user == "shop42")
        #expect(options.key == "marketplace-key")
        #expect(options.hostKeys.count == 1)
        #expect(profile.destination?.perMinute == 120)
        #expect(profile.oldStays == 14 * 86_400)
        let recipe = try #require(profile.renditions["packshot"]?.recipe)
        #expect(recipe.minQuality == 85 && recipe.maxQuality == 95)
        #expect(recipe.maxBytes == 5_000_000)
        #expect(profile.renditions["packshot"]?.ring?.share == 0.01)
        #expect(profile.renditions["packshot"]?.ring?.tolerance == 2)
    }

    @Test func inheritsKeyByKeyFromOtherFiles() throws {
        let text = """
            channel: mine
            state: draft
            slots: {main: {view: front, rendition: big, name: "{sku}.{ext}"}}
            renditions:
              big: {like: mid, size: 3000x3000}
              mid: {like: amazon.yaml#zoom, max_bytes: any, background: {tolerance: 3}}
              ringed: {like: amazon#hero, background: {color: "#EEEEEE"}}
            """
        let profile = try Loader.load(
            text: text, file: "mine.yaml", library: Samples.shipped(), vocabulary: .sample
        ).get()
        let big = try #require(profile.renditions["big"])
        #expect(big.recipe.size.max == PixelSize(width: 3000, height: 3000))
        #expect(big.recipe.background == Color(hex: "#FFFFFF"))
        #expect(big.recipe.maxBytes == nil)
        #expect(big.ring == nil)
        #expect(big.places["fit"]?.file == "amazon.yaml")
        #expect(big.places["size"]?.file == "mine.yaml")
        #expect(profile.renditions["ringed"]?.ring?.share == 0.01)
        #expect(profile.renditions["ringed"]?.recipe.background == Color(hex: "#EEEEEE"))
    }

    /// A comment, an order of keys, quotes: nothing is rendered or sent.
    @Test func onlyMeaningChangesTheRevision() throws {
        let profile = try Shop.profile()
        let other = """
            # moved about
            state: "live"
            channel: 'shop'   # same

            \(Shop.text.split(separator: "\n").dropFirst(2).joined(separator: "\n"))
            """
        let same = try Loader.load(text: other, file: "other.yaml", vocabulary: .sample).get()
        #expect(same.revision == profile.revision)
        #expect(same.changes(from: profile).isEmpty)
        #expect(same.renditions["hero"]?.recipe == profile.renditions["hero"]?.recipe)
        let changed = try Shop.profile(("tolerance: 2", "tolerance: 3"))
        #expect(changed.revision != profile.revision)
        #expect(try Shop.key(changed, 1) == Shop.key(profile, 1))
    }

    @Test func tellsWhatChanged() throws {
        let old = try Shop.profile()
        let new = try Shop.profile(
            ("state: live", "state: retired"), ("tolerance: 2", "tolerance: 3"),
            ("max: 2", "max: 3"), ("min_side: 800", "min_side: 900"), ("/srv/shop/", "/srv/new/"))
        #expect(
            new.changes(from: old) == [
                "state: live → retired", "slot 'more': takes another number of pictures",
                "rendition 'hero': other demand on the border; nothing is rendered",
                "rule now in force or announced: 'floor' of rendition: min_side 900 "
                    + "from 2026-06-01",
                "rule gone: 'floor' of rendition: min_side 800 from 2026-06-01",
                "deliver: file:///srv/shop/ → file:///srv/new/",
            ])
        let patient = try Shop.profile(("/srv/shop/", "/srv/shop/, old_stays: 30d"))
        let quick = try Shop.profile(("/srv/shop/", "/srv/shop/, old_stays: 90s"))
        #expect(patient.changes(from: quick) == ["old_stays: 90s → 30d"])
        let wider = try Shop.profile(("1000x1000", "1200x1200"))
        #expect(
            wider.changes(from: old) == [
                "rendition 'hero': other size; its files are rendered again"
            ])
        let stricter = try Shop.profile(
            ("min_side: 500", "aspect: 1:1, for: hero, fill: 80%..100%"))
        #expect(
            stricter.changes(from: old) == [
                "rule now in force or announced: 'floor' of rendition hero: aspect 1:1, "
                    + "fill 80 % to 100 %", "rule gone: 'floor' of rendition: min_side 500",
            ])
    }

    @Test func inheritsFromWhatIsShipped() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "channels-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (own, shipped) = (folder.appending(path: "own"), folder.appending(path: "shipped"))
        for place in [own, shipped] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        let heir = Shop.text.replacing("  hero:\n", with: "  hero:\n    like: base#hero\n")
        try Data(heir.utf8).write(to: own.appending(path: "shop.yaml"))
        func format(_ shipped: URL) throws -> Bool {
            try Loader.loadDirectory(
                own.path, shipped: shipped.path, vocabulary: .sample
            )[0].result.get().renditions["hero"]?.recipe.progressive ?? false
        }
        let base = Shop.text.replacing("  hero:\n", with: "  hero:\n    progressive: true\n")
        try Data(base.utf8).write(to: shipped.appending(path: "base.yaml"))
        #expect(try format(shipped))
        #expect(throws: Problems.self) { try format(folder.appending(path: "none")) }
        // What lies beside it counts more.
        try Data(Shop.text.replacing("channel: shop", with: "channel: base").utf8)
            .write(to: own.appending(path: "base.yaml"))
        #expect(
            try Loader.loadDirectory(
                own.path, shipped: shipped.path, vocabulary: .sample
            ).first { $0.file.hasSuffix("/shop.yaml") }?.result.get()
                .renditions["hero"]?.recipe.progressive == false)
    }

    @Test func twoFeedsAtOnePlaceAreRefused() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "channels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ channel: String, _ edit: (String, String) = ("", "")) throws {
            let text =
                Shop.text.replacing("channel: shop", with: "channel: \(channel)") + """

                    feed:
                      format: image-sitemap
                      file: map.xml
                      to: https://Shop.example.com:443/feed/
                      image_base: https://img.example.com/
                      base: https://shop.example.com/
                      items: {id: "{sku}", loc: "https://shop.example.com/{sku}", image: slot:main}
                    """
            try Data(text.replacing(edit.0, with: edit.1).utf8)
                .write(to: folder.appending(path: "\(channel).yaml"))
        }
        try write("a")
        try write("b", ("https://Shop.example.com:443/", "https://shop.example.com/"))
        try write("c", ("map.xml", "other.xml"))
        try write("d", ("state: live", "state: draft"))
        let codes = try Loader.loadDirectory(folder.path, vocabulary: .sample).map { _, result in
            if case .failure(let problems) = result {
                problems.all.map(\.code).joined()
            } else {
                ""
            }
        }
        #expect(codes == ["", "duplicate-feed", "", ""])
    }

    @Test func namesTheFirstOfTwoFilesForOneChannel() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "channels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, _ bytes: Data) throws {
            try bytes.write(to: folder.appending(path: name))
        }
        try write("a.yaml", Data(Shop.text.utf8))
        try write("b.yaml", Data(Shop.text.utf8))
        try write("c.yaml", Data([0x63, 0xFF, 0x0A]))
        try write("d.yaml", Data(repeating: 0x23, count: 70_000))
        // Nobody will ever write into it.
        #expect(mkfifo(folder.appending(path: "e.yaml").path, 0o600) == 0)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "f.yaml"), withIntermediateDirectories: true)
        try write(".hidden.yaml", Data())
        try write("notes.txt", Data())
        let path = folder.path(percentEncoded: false)
        let loaded = try Loader.loadDirectory(path, vocabulary: .sample)
        let codes = loaded.map { _, result -> String in
            switch result {
            case .success(let profile): profile.channel
            case .failure(let problems): problems.all.map(\.code).joined(separator: " ")
            }
        }
        #expect(
            codes == [
                "shop", "duplicate-channel", "encoding", "too-long", "unreadable", "unreadable",
            ])
        if case .failure(let problems) = loaded[1].result {
            #expect(problems.all.first?.notes.first?.place.file.hasSuffix("a.yaml") == true)
        }
        #expect(throws: Problems.self) {
            try Loader.loadDirectory(path + "/none", vocabulary: .sample)
        }
    }

    @Test func aFeedOnTheSameServerSharesTheLogin() throws {
        let text = try #require(try Samples.shipped()["google-shopping"]).replacing(
            "deliver:\n  to: file:///srv/www/img/\n  mode: \"0644\"",
            with: "deliver:\n  to: https://img.example.com:8443/img/\n  token: credential:t")
        func feed(_ to: String) throws -> HTTPOptions? {
            let text = text.replacing("to: file:///srv/www/feeds/", with: to)
            let profile = try Loader.load(text: text, file: "g.yaml", vocabulary: .sample).get()
            return profile.feed?.destination?.options as? HTTPOptions
        }
        #expect(try feed("to: https://img.example.com:8443/feeds/")?.token == "t")
        #expect(try feed("to: https://img.example.com:8443/feeds/")?.address.path == "/feeds/")
        #expect(try feed("to: https://other.example.com/feeds/")?.token == nil)
        #expect(
            try feed("to: https://img.example.com:8443/f/\n  user: u\n  password: credential:p")?
                .token == nil)
        #expect(try feed("")?.address.path == "/img/")
    }

    @Test(arguments: [
        "localhost", "127.0.0.1", "127.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.0.9",
        "[::1]", "[fe80::1]", "[fd00::2]", "0.0.0.0", "2130706433",
    ])
    func privateHostsNeedAWord(host: String) throws {
        let text = Shop.text.replacing("file:///srv/shop/", with: "\"https://\(host)/x/\"")
        let refused = Loader.load(text: text, file: "s", vocabulary: .sample)
        #expect(throws: Problems.self) { try refused.get() }
        let allowed = text.replacing("/x/\"}", with: "/x/\", allow_private: true}")
        let profile = try Loader.load(text: allowed, file: "s", vocabulary: .sample).get()
        #expect(profile.address?.host == host)
    }

    @Test func publicHostsDoNot() throws {
        for host in ["172.32.0.1", "feeds.example.com", "11.0.0.1", "[2001:db8::1]"] {
            _ = try Shop.profile(("file:///srv/shop/", "\"https://\(host)/x/\""))
        }
    }
}
