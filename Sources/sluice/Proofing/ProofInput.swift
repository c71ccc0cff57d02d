internal import Foundation
internal import Host
internal import Intake
internal import Model

/// The pictures a proof sheet shows, and what is declared about each.
struct ProofInput {
    struct Picture {
        /// To open it by.
        var path: String
        /// As people know it: below the spool, or as they typed it.
        var name: String
        /// Nil where nothing says what it shows.
        var declared: Declaration?
        /// Why that cannot be said.
        var rejection: Rejection?
    }

    var subject: String
    var pictures: [Picture]
    /// Nil where no SKU is known, or no records are configured.
    var product: Product?
    var notes: [String] = []

    /// More than a SKU has, few enough for one page.
    private static let limit = 60

    /// A file if there is one of this name, else a SKU.
    static func find(_ subject: String, _ options: Options) async throws(Failure) -> ProofInput {
        var isDirectory = ObjCBool(false)
        let exists = FileManager.default.fileExists(atPath: subject, isDirectory: &isDirectory)
        guard !isDirectory.boolValue else {
            throw .couldNot(
                "'\(subject)' is a directory", next: "sluice preflight shows a whole directory")
        }
        let configuration = try options.configurationIfAny()
        if exists { return try await of(file: subject, configuration) }
        guard let configuration else {
            throw .couldNot(
                "there is no file '\(subject)'",
                next: "for a SKU, name a configuration with --config: its spool is looked through")
        }
        return try await of(sku: subject.composed, configuration)
    }

    // MARK: A file

    static func of(
        file: String, _ configuration: Configuration?
    ) async throws(Failure) -> ProofInput {
        let url = URL(fileURLWithPath: file)
        let path = url.path
        var found = ProofInput(
            subject: url.lastPathComponent,
            pictures: [Picture(path: path, name: file, declared: nil)])
        var settings = try configuration?.spoolSettings() ?? SpoolSettings(path: "")
        let directory = url.deletingLastPathComponent()
        // A manifest speaks for the directory it lies in, seen from above.
        let hasManifest = ["yaml", "yml", "json"].contains {
            FileManager.default.fileExists(atPath: directory.path + "/manifest.\($0)")
        }
        settings.path = hasManifest ? directory.deletingLastPathComponent().path : directory.path
        settings.depth = hasManifest ? 1 : 0
        let inner = String(path.dropFirst(settings.path == "/" ? 1 : settings.path.count + 1))
        let spool = Spool(settings)
        let said = await Lane("proof").run { declaration(of: inner, in: spool) }
        switch said {
        case .success(let declared): found.pictures[0].declared = declared
        case .failure(let rejection): found.pictures[0].rejection = rejection
        case nil: break
        }
        if let asset = found.pictures[0].declared?.assets.first {
            found.product = try await product(asset.sku, configuration)
        }
        return found
    }

    private static func declaration(
        of path: String, in spool: Spool
    ) -> Result<Declaration, Rejection>? {
        var found: Result<Declaration, Rejection>?
        _ = try? spool.scan { batch in
            for candidate in batch where candidate.path == path { found = spool.read(candidate) }
        }
        return found
    }

    // MARK: A SKU

    private static func of(
        sku: String, _ configuration: Configuration
    ) async throws(Failure) -> ProofInput {
        let settings = try configuration.spoolSettings()
        let search = await Lane("proof").run { Search(sku: sku, settings) }
        if let failure = search.failure { throw .couldNot(failure) }
        guard !search.found.isEmpty else {
            let near = Spelling.nearest(to: sku, among: search.skus)
            throw .couldNot(
                "no file is named '\(sku)', and no picture in '\(settings.path)' is of that SKU",
                next: search.notes.first ?? near.map { "did you mean '\($0)'?" })
        }
        var found = ProofInput(
            subject: sku, pictures: search.found.prefix(limit).map(\.self),
            product: try await product(sku, configuration), notes: search.notes)
        if search.found.count > limit {
            found.notes.append("only the first \(limit) pictures are shown")
        }
        return found
    }

    /// One pass over the spool.
    private struct Search {
        var found: [Picture] = []
        var skus: Set<String> = []
        var notes: [String] = []
        var failure: String?

        init(sku: String, _ settings: SpoolSettings) {
            let spool = Spool(settings)
            do {
                try spool.scan { batch in
                    for candidate in batch where !candidate.isManifest {
                        look(at: candidate, of: sku, in: spool)
                    }
                }
            } catch {
                failure = "\(error)"
            }
            let order = settings.views.names
            leaveOutOlder(of: sku)
            found.sort { $0.rank(of: sku, order) < $1.rank(of: sku, order) }
        }

        /// The newest approved one counts, and with it what nobody has approved yet.
        private mutating func leaveOutOlder(of sku: String) {
            let (all, asset) = (found, { (picture: Picture) in picture.asset(of: sku) })
            found = all.filter { picture in
                guard let claim = picture.claim,
                    let newer = all.first(where: {
                        asset($0) == asset(picture) && $0.claim.map { $0 > claim } ?? false
                    })
                else { return true }
                notes.append(
                    "'\(picture.name)' is left out: '\(newer.name)' is a newer version; by its"
                        + " file's name it is shown")
                return false
            }
        }

        private mutating func look(at candidate: Candidate, of sku: String, in spool: Spool) {
            switch spool.read(candidate) {
            case .success(let declared):
                if skus.count < 100_000 { skus.formUnion(declared.assets.map(\.sku)) }
                guard declared.assets.contains(where: { $0.sku == sku }) else { return }
                found.append(
                    Picture(
                        path: "\(spool.settings.path)/\(candidate.path)", name: candidate.path,
                        declared: declared))
            case .failure(let rejection) where candidate.path.contains(sku):
                notes.append("'\(candidate.path)' is left out: \(rejection.message)")
            case .failure: break
            }
        }
    }

    private static func product(
        _ sku: String, _ configuration: Configuration?
    ) async throws(Failure) -> Product? {
        guard let products = configuration?.products else { return nil }
        return await Lane("proof").run {
            ProductTables.products(in: products.path, as: products.forms).first { $0.sku == sku }
        }
    }
}

extension ProofInput.Picture {
    fileprivate func asset(of sku: String) -> Asset? {
        declared?.assets.first { $0.sku == sku }
    }

    /// What versions are ordered by, as far as the files themselves say.
    fileprivate var claim: (Int, Date)? { declared?.approval.map { ($0.seq, $0.at) } }

    /// As a shop shows them: front first.
    fileprivate func rank(of sku: String, _ order: [String]) -> (Int, Int, String) {
        let asset = asset(of: sku)
        let view = asset.flatMap { order.firstIndex(of: $0.view) } ?? .max
        return (view, asset?.number ?? .max, name)
    }
}
