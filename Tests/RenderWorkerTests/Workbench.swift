import Export
import Foundation
import Host
import Model
import PictureSupport
import Rendering
import Wire

/// Directories, a started worker's program, and requests for it.
struct Workbench: Sendable {
    let masters: Folder
    let output: Folder
    let scratch: Folder

    init() throws {
        masters = try Folder()
        output = try Folder()
        scratch = try Folder()
    }

    /// `sluice-render` as it was built beside these tests.
    static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "sluice-render").path(percentEncoded: false)

    func renderer() -> RenderWorker {
        RenderWorker(
            executable: Self.executable, role: .render(masters: masters.path, output: output.path),
            scratch: scratch.path)
    }

    func verifier() -> RenderWorker {
        RenderWorker(executable: Self.executable, role: .verify(finished: output.path))
    }

    /// Masters are all squares of 200, PNG.
    func draw(_ name: String) throws {
        try Drawing(200, 200) { x, y in [UInt8(x), UInt8(y), 90] }
            .save("pngsave", to: masters[name])
    }

    func render(_ name: String, side: Int = 100) -> WorkerRequest {
        let size = PixelSize(width: side, height: side)
        let recipe = Recipe(
            size: SizeRange(min: size, max: size), fit: .pad,
            background: Color(red: 255, green: 255, blue: 255), format: .jpeg, minQuality: 80,
            maxQuality: 90, maxBytes: nil)
        return .render(
            RenderRequest(
                master: name, format: .png, measured: nil,
                items: [.init(key: .of(Data(name.utf8)), recipe: recipe)]))
    }

    func inspect(_ name: String, _ format: ImageFormat = .png) -> WorkerRequest {
        .inspect(InspectRequest(master: name, format: format))
    }
}
