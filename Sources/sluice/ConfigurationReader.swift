internal import Export
internal import Foundation
internal import Model
internal import YAML

/// Turns the document into a `Configuration`, collecting every mistake on the way.
struct ConfigurationReader {
    private let file: String
    private let directory: String
    let reader: Reader

    init(_ file: String, _ reader: Reader = Reader()) {
        self.file = file
        self.reader = reader
        directory = URL(fileURLWithPath: file).deletingLastPathComponent().path
    }

    func read(_ bytes: Data) throws(Problems) -> Configuration {
        let document = try Document(bytes: bytes, file: file, limit: 256 << 10)
        let configuration = reader.mapping(document.root, "the configuration", whole)
        return try reader.finish(configuration ?? nil)
    }

    /// Mistakes elsewhere do not matter; what cannot be read is as usual.
    func forClients(_ bytes: Data) throws(Problems) -> (socket: String, zone: TimeZone) {
        let document = try Document(bytes: bytes, file: file, limit: 256 << 10)
        let path = document.root["socket"]?["path"]?.text
        let zone = document.root["zone"]?.text.flatMap(TimeZone.init(identifier:))
        return (path.map(absolute) ?? Configuration.Socket().path, zone ?? .current)
    }

    /// Nil after a problem.
    private func whole(_ keys: Keys) -> Configuration? {
        let spool = spool(keys)
        let state = keys.required("state", path)
        let channels = keys.required("channels", path)
        let products = keys.mapping("products", "products", products) ?? nil
        let credentials = keys.optional("credentials", path) ?? absolute("credentials")
        let views = views(keys)
        let naming = keys.optional("naming", Self.naming)
        let zone = keys.optional("zone", Self.zone) ?? .current
        let socket = keys.mapping("socket", "socket", socket) ?? .init()
        let render = keys.mapping("render", "render", render) ?? .init()
        let store = keys.mapping("store", "store", store) ?? .init()
        let alarm = keys.mapping("alarm", "alarm", alarm) ?? .init()
        guard let spool, let state, let channels else { return nil }
        checkApart(spool: spool.path, state: state, keys)
        return Configuration(
            file: file, spool: spool, state: state, channels: channels, products: products,
            credentials: credentials, views: views, naming: naming, zone: zone, socket: socket,
            render: render, store: store, alarm: alarm)
    }

    private func spool(_ keys: Keys) -> Configuration.Spool? {
        guard let node = keys.requiredNode("spool") else { return nil }
        return reader.mapping(node, "spool") { keys in
            let usual = Configuration.Spool(path: "")
            _ = keys.optional("approval", .choice([("required", true)], notBuilt: ["optional"]))
            _ = keys.optional("after", .choice([("leave", true)], notBuilt: ["remove"]))
            return Configuration.Spool(
                path: keys.required("path", path) ?? "",
                settle: keys.optional("settle", .duration) ?? usual.settle,
                scanEvery: keys.optional("scan_every", Self.interval) ?? usual.scanEvery)
        }
    }

    private func products(_ keys: Keys) -> Configuration.Products? {
        guard let path = keys.required("path", path), let node = keys.requiredNode("columns")
        else { return nil }
        let drop = keys.optional("drop", .share) ?? Configuration.Products.usualDrop
        guard let forms = ProductsReader(reader: reader).forms(keys, node) else { return nil }
        return Configuration.Products(path: path, forms: forms, drop: drop)
    }

    private func views(_ keys: Keys) -> [Configuration.View] {
        guard let node = keys.node("views") else { return Configuration.usualViews }
        var taken: [String: Place] = [:]
        let views = reader.mapping(node, "views") { keys in
            keys.others().map { entry in
                claim(entry.key, entry.place, &taken)
                let aliases = entry.value.items ?? []
                if entry.value.items == nil {
                    reader.report(
                        entry.value.place,
                        "view '\(entry.key)' wants a list of aliases such as [vorne, f], "
                            + "or [], not \(entry.value.described)", code: "wrong-type")
                }
                let names = aliases.compactMap { alias in
                    let name = reader.read(alias, entry.key, .text)
                    if let name { claim(name, alias.place, &taken) }
                    return name
                }
                return Configuration.View(name: entry.key, aliases: names)
            }
        }
        return views ?? []
    }

    /// A name that stands for two views would read files at random.
    private func claim(_ name: String, _ place: Place, _ taken: inout [String: Place]) {
        if let first = taken[name.lowercased()] {
            reader.report(
                place, "'\(name)' already names a view", code: "duplicate",
                notes: [Problem.Note(first, "here")])
        } else {
            taken[name.lowercased()] = place
        }
    }

    private func socket(_ keys: Keys) -> Configuration.Socket {
        let usual = Configuration.Socket()
        var socket = usual
        socket.path = keys.optional("path", socketPath) ?? usual.path
        _ = keys.mapping("operators", "operators") { keys in
            if keys.node("users") != nil { socket.users = keys.list("users", .text) }
            if keys.node("groups") != nil { socket.groups = keys.list("groups", .text) }
        }
        return socket
    }

    private func render(_ keys: Keys) -> Configuration.Render {
        let workers = Shape<Int?>(expects: "'auto' or a number from 1 to 64") { text in
            if text == "auto" { return .some(nil) }
            return Units.integer(text).flatMap { (1...64).contains($0) ? $0 : nil }
        }
        return Configuration.Render(
            workers: keys.optional("workers", workers) ?? nil,
            executable: keys.optional("executable", path))
    }

    private func store(_ keys: Keys) -> Configuration.Store {
        let usual = Configuration.Store()
        keys.notBuilt("keep_masters")
        return Configuration.Store(
            keep: keys.optional("keep", .duration) ?? usual.keep,
            reserve: keys.optional("reserve", .share) ?? usual.reserve)
    }

    /// One inside the other, and the daemon would take in its own files.
    private func checkApart(spool: String, state: String, _ keys: Keys) {
        guard !spool.isEmpty else { return }
        let (first, second) = (spool + "/", state + "/")
        guard first.hasPrefix(second) || second.hasPrefix(first) else { return }
        reader.report(
            keys.place("state"), "state '\(state)' and spool '\(spool)' lie in one another",
            code: "bad-value")
    }
}

extension ConfigurationReader {
    var path: Shape<String> {
        let directory = directory
        return Shape(expects: "a path") { text in
            text.isEmpty ? nil : Self.absolute(text, below: directory)
        }
    }

    /// sizeof(sockaddr_un.sun_path) less the final zero is 107.
    private var socketPath: Shape<String> {
        let directory = directory
        return Shape(expects: "a path of at most 107 bytes") { text in
            let path = Self.absolute(text, below: directory)
            return text.isEmpty || path.utf8.count > 107 ? nil : path
        }
    }

    static var interval: Shape<TimeInterval> {
        Shape(expects: "a duration of at least 1s, such as 5m") { text in
            Units.duration(text).flatMap { $0 >= 1 ? $0 : nil }
        }
    }

    private static var zone: Shape<TimeZone> {
        Shape { node, label, reader in
            guard let text = Shape.text.read(node, label, reader) else { return nil }
            // An abbreviation such as CST is three zones.
            if text == "UTC" || text.contains("/"), let zone = TimeZone(identifier: text) {
                return zone
            }
            let hint = Spelling.hint(to: text, among: TimeZone.knownTimeZoneIdentifiers)
            reader.report(
                node.place,
                "'\(label)' wants a time zone such as Europe/Berlin or UTC, not '\(text)'\(hint)",
                code: "bad-value")
            return nil
        }
    }

    /// The fields are Intake's business; that there is a SKU is everybody's.
    private static var naming: Shape<String> {
        Shape(expects: "a pattern with {sku}, such as \"{sku}_{view}\"") { text in
            text.contains("{sku}") ? text : nil
        }
    }

    private func absolute(_ path: String) -> String { Self.absolute(path, below: directory) }

    private static func absolute(_ path: String, below directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        let standard = URL(fileURLWithPath: whole).standardized.path
        return standard.count > 1 && standard.hasSuffix("/")
            ? String(standard.dropLast()) : standard
    }
}
