import Foundation
import Host
import Model
import PictureSupport
import Rendering
import Wire

/// Takes specimens through what the daemon would do with them: first bytes, inspection, rendering,
/// verification; each worker is used for as long as it lives.
actor Examiner {
    static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "sluice-render").path(percentEncoded: false)

    private let masters: Folder
    private let output: Folder
    private let scratch: Folder
    private let program: String
    private var worker: RenderWorker?
    private var verifier: RenderWorker?
    /// Specimens over which a worker died, with its last words.
    private(set) var deaths: [String] = []

    /// - Parameter walls: false for workers without the sandbox.
    init(walls: Bool = true) throws {
        masters = try Folder()
        output = try Folder()
        scratch = try Folder()
        program = walls ? Self.executable : scratch["open"]
        guard !walls else { return }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "open.sh")
        for (name, target) in [
            ("open", script.path(percentEncoded: false)), ("sluice-render", Self.executable),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch[name], withDestinationPath: target)
        }
    }

    static let recipe: Recipe = {
        let side = PixelSize(width: 80, height: 80)
        var recipe = Recipe(
            size: SizeRange(min: PixelSize(width: 1, height: 1), max: side), fit: .inside,
            background: Color(red: 255, green: 255, blue: 255), format: .png, minQuality: 80,
            maxQuality: 90, maxBytes: nil)
        recipe.upscale = true
        return recipe
    }()

    /// In a few words that a person can judge: `made 64x48`, or the refusal's code.
    func verdict(on specimen: Specimen) async -> String {
        guard let format = ImageFormat.recognise(specimen.bytes.prefix(ImageFormat.head)) else {
            return "not a picture"
        }
        do {
            try masters.write(specimen.bytes, as: "specimen")
            return try await examine(format)
        } catch {
            deaths.append("\(specimen.name): \(error)")
            await end()
            return "dead"
        }
    }

    struct Made: Sendable {
        var width: Int
        var height: Int
        var bands: Int
        var pixels: [UInt8]
        /// The file.
        var bytes: Data
    }

    /// What was made last.
    func made() throws -> Made {
        let name = output.names.first { $0.hasSuffix(".png") } ?? ""
        let drawing = try Drawing.load("pngload", from: output[name])
        return Made(
            width: drawing.width, height: drawing.height, bands: drawing.bands,
            pixels: try drawing.pixels(), bytes: try output.read(name))
    }

    /// The worker that a specimen would be shown to, started when there is none.
    func renderer() async throws -> RenderWorker {
        if let worker { return worker }
        let fresh = RenderWorker(
            executable: program, role: .render(masters: masters.path, output: output.path),
            scratch: scratch.path)
        _ = try await fresh.start()
        worker = fresh
        return fresh
    }

    func end() async {
        await worker?.stop()
        await verifier?.stop()
        (worker, verifier) = (nil, nil)
    }

    private func examine(_ format: ImageFormat) async throws -> String {
        for name in output.names { try FileManager.default.removeItem(atPath: output[name]) }
        let worker = try await renderer()
        let request = InspectRequest(master: "specimen", format: format)
        let inspection: Inspection
        switch try await worker.ask(.inspect(request), deadline: 20) {
        case .inspected(let found): inspection = found
        case .refused(let refusal): return refusal.code.rawValue
        default: return "nonsense"
        }
        let render = RenderRequest(
            master: "specimen", format: format, measured: inspection.measurement,
            items: [.init(key: .of(Data("specimen".utf8)), recipe: Self.recipe)])
        switch try await worker.ask(.render(render), deadline: 20) {
        case .rendered(let outcomes):
            guard case .made(_, let file, _, _) = outcomes.first else {
                guard case .refused(_, let refusal) = outcomes.first else { return "nonsense" }
                return refusal.code.rawValue
            }
            return try await verified(file, inspection)
        case .refused(let refusal): return refusal.code.rawValue
        default: return "nonsense"
        }
    }

    private func verified(_ file: String, _ inspection: Inspection) async throws -> String {
        if verifier == nil {
            let fresh = RenderWorker(executable: program, role: .verify(finished: output.path))
            _ = try await fresh.start()
            verifier = fresh
        }
        let request = VerifyRequest(file: file, format: .png, background: Self.recipe.background)
        guard let reply = try await verifier?.ask(.verify(request), deadline: 20),
            case .verified(let receipt) = reply
        else { return "not verified" }
        return "made \(receipt.size)" + Self.notes(on: inspection)
    }

    private static func notes(on inspection: Inspection) -> String {
        let notes = [
            inspection.orientation == 1 ? nil : "orientation \(inspection.orientation)",
            inspection.pages == 1 ? nil : "\(inspection.pages) pages",
            inspection.hasAlpha ? "alpha" : nil,
            inspection.space == "srgb" ? nil : inspection.space,
            inspection.bitsPerBand == 8 ? nil : "\(inspection.bitsPerBand) bit",
        ].compactMap { $0 }
        return notes.isEmpty ? "" : ", " + notes.joined(separator: ", ")
    }
}
