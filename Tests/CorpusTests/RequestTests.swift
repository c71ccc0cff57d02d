import Foundation
import Host
import Model
import PictureSupport
import Rendering
import Testing
import Wire

/// What a worker makes of requests that no sane daemon sends: an answer or an end with a reason,
/// never a crash.
@Suite("Requests", .serialized)
struct RequestTests {
    /// Seeds are printed with whatever fails.
    private static let seeds: ClosedRange<UInt64> = 1...400

    @Test("requests within the language but beyond all sense are answered")
    func senseless() async throws {
        let folders = (masters: try Folder(), output: try Folder())
        try Scene.colored().save("pngsave", to: folders.masters["a.png"])
        try Scene.cutOut().save("webpsave", to: folders.masters["b.webp"])
        var worker = try await Self.start(folders.masters, folders.output)
        for seed in Self.seeds {
            let request = Senseless(seed: seed).request()
            do throws(WorkerFailure) {
                let reply = try await worker.ask(request, deadline: 30)
                #expect(Self.isAnswer(reply), "seed \(seed): \(reply)")
            } catch {
                let text = String(
                    decoding: (try? JSONEncoder().encode(request)) ?? Data(), as: UTF8.self)
                Issue.record("seed \(seed): \(error)\n\(text)")
                await worker.stop()
                worker = try await Self.start(folders.masters, folders.output)
            }
        }
        await worker.stop()
    }

    private static func start(_ masters: Folder, _ output: Folder) async throws -> RenderWorker {
        let worker = RenderWorker(
            executable: Examiner.executable,
            role: .render(masters: masters.path, output: output.path))
        _ = try await worker.start()
        return worker
    }

    private static func isAnswer(_ reply: WorkerReply) -> Bool {
        switch reply {
        case .rendered(let outcomes): !outcomes.isEmpty
        case .refused: true
        default: false
        }
    }

    @Test("no mutation of a request's bytes ends the decoder in a trap")
    func decoder() throws {
        var decoded = 0
        for seed in UInt64(1)...4000 {
            var dice = Dice(state: seed)
            let frame = try WorkerFrame.encode(Senseless(seed: seed).request())
            let body = Self.mutated(Array(frame.dropFirst(4)), &dice)
            if (try? WorkerFrame.decode(WorkerRequest.self, from: Data(body))) != nil {
                decoded += 1
            }
        }
        // Some mutations only change a number: both outcomes were seen.
        #expect((1..<4000).contains(decoded), "\(decoded)")
    }

    @Test(
        "random and mutated frames end a worker with a reason, or are answered", arguments: 1...24)
    func frames(seed: Int) throws {
        let folder = try Folder()
        var dice = Dice(state: UInt64(seed) << 8)
        let child = try ChildProcess(
            .init(
                Examiner.executable,
                ["--role", "render", "--masters", folder.path, "--output", folder.path]))
        let deadline = Deadline(seconds: 30)
        _ = try Self.answer(child, deadline)
        // It may end before it has read all of it.
        try? child.write(Self.frame(seed, &dice), until: deadline)
        child.closeInput()
        while (try? Self.answer(child, deadline)) != nil {}
        let end = try child.waitForEnd(until: deadline)
        #expect(end == .exited(0) || end == .exited(70), "seed \(seed): \(end)")
        #expect(
            end == .exited(0) || child.lastWords.hasPrefix("sluice-render: "), "\(child.lastWords)")
    }

    private static func answer(_ child: ChildProcess, _ deadline: Deadline) throws -> Data {
        let length = try WorkerFrame.length(child.read(4, until: deadline))
        return try child.read(length, until: deadline)
    }

    /// A third each: noise, noise in a frame of its length, a request with bytes changed.
    private static func frame(_ seed: Int, _ dice: inout Dice) throws -> Data {
        let noise = (0..<Int.random(in: 0...300, using: &dice)).map { _ in
            UInt8.random(in: 0...255, using: &dice)
        }
        switch seed % 3 {
        case 0: return Data(noise)
        case 1: return Data(Surgery.big(noise.count) + noise)
        default:
            let whole = try WorkerFrame.encode(Senseless(seed: UInt64(seed)).request())
            let body = mutated(Array(whole.dropFirst(4)), &dice)
            return Data(Surgery.big(body.count) + body)
        }
    }

    private static func mutated(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0...4, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
            case 3: bytes.insert(contentsOf: [UInt8](repeating: 0x5B, count: 600), at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + 20))
            }
        }
        return bytes
    }
}

/// Draws every field from values that are sensible and values that are not.
struct Senseless {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(state: seed) }

    func request() -> WorkerRequest {
        var copy = self
        return copy.draw()
    }

    private static let numbers = [
        0, 1, -1, 2, 7, 40, 80, 100, 255, 256, 10_000, 65_536, 1_000_000, 1_000_001, 1 << 31,
        -1 << 31, 1 << 40, 1 << 62, .max, .min, .max - 1,
    ]
    private static let shares = [
        0, 0.5, 1, -1, 2, 1e-300, -1e-300, 1e300, -1e300, .greatestFiniteMagnitude,
        .leastNonzeroMagnitude, 0.85, 0.95,
    ]
    private static let texts = [
        "", "srgb", "cmyk", "none.icc", "../../etc/passwd", "/etc/passwd", "a\0b", "😀",
        String(repeating: "x", count: 5000), "</x:xmpmeta>", "\u{202E}\u{1}",
    ]

    private mutating func draw() -> WorkerRequest {
        let isFirst = chance(0.5)
        let items = (0..<pick([1, 1, 1, 2, 3])).map { number in
            RenderRequest.Item(
                key: .of(Data("\(number)".utf8)), recipe: recipe(), particulars: particulars())
        }
        return .render(
            RenderRequest(
                master: isFirst ? "a.png" : "b.webp", format: isFirst ? .png : .webp,
                measured: chance(0.5) ? measurement() : nil, items: items))
    }

    private mutating func recipe() -> Recipe {
        var recipe = Recipe(
            size: SizeRange(min: size(), max: size()), fit: pick(Fit.allCases),
            background: chance(0.7) ? Color(red: 255, green: 254, blue: 1) : nil,
            format: pick(ImageFormat.allCases), minQuality: number(or: 80),
            maxQuality: number(or: 90), maxBytes: chance(0.3) ? Int64(number(or: 9000)) : nil,
            upscale: chance(0.5))
        recipe.minBytes = chance(0.2) ? Int64(number(or: 100)) : nil
        recipe.fill =
            chance(0.4)
            ? Fill(by: pick(Fill.Measure.allCases), min: share(or: 0.8), max: share(or: 0.9)) : nil
        recipe.unsure = pick(Unsure.allCases)
        recipe.anchor = pick(Anchor.allCases)
        recipe.safe = chance(0.3) ? insets() : nil
        recipe.whiten =
            chance(0.4)
            ? Whitening(bound: number(or: 6), shadow: pick(Whitening.Shadow.allCases)) : nil
        recipe.color = pick(OutputColor.allCases)
        recipe.inks = chance(0.3) ? pick(Self.texts) : nil
        recipe.assume =
            chance(0.2) ? Assumption(rgb: pick(Self.texts), cmyk: pick(Self.texts)) : nil
        recipe.progressive = chance(0.3)
        recipe.density = chance(0.3) ? number(or: 300) : nil
        recipe.keep = chance(0.3) ? KeptField.allCases : []
        return recipe
    }

    private mutating func particulars() -> RenditionInputs {
        RenditionInputs(
            focus: chance(0.3) ? Focus(x: share(or: 0.5), y: share(or: 0.5)) : nil,
            kept: chance(0.3)
                ? Dictionary(
                    uniqueKeysWithValues: (KeptField.allCases.map(\.rawValue) + ["unheard of"])
                        .map { ($0, pick(Self.texts)) }) : [:])
    }

    private mutating func measurement() -> PictureMeasurement {
        let color = Color(red: 250, green: 251, blue: 252)
        return PictureMeasurement(
            size: size(), product: chance(0.7) ? box() : nil, extent: chance(0.7) ? box() : nil,
            unsure: chance(0.5) ? pick(Self.texts) : nil,
            cut: chance(0.3) ? PictureMeasurement.Edge.allCases : [],
            background: .init(
                kind: pick(PictureMeasurement.Background.Kind.allCases), color: color,
                worst: number(or: 3), at: Point(x: number(or: 1), y: number(or: 1)),
                worstColor: color),
            mean: [share(or: 0.5)], clipped: [.init(low: share(or: 0), high: share(or: 0))])
    }

    private mutating func size() -> PixelSize {
        PixelSize(width: number(or: 60), height: number(or: 50))
    }

    private mutating func box() -> Box {
        Box(left: number(or: 8), top: number(or: 8), width: number(or: 40), height: number(or: 30))
    }

    private mutating func insets() -> Insets {
        Insets(
            top: number(or: 5), right: number(or: 5), bottom: number(or: 5), left: number(or: 5))
    }

    /// Mostly sensible, or most requests would end at their first number.
    private mutating func number(or usual: Int) -> Int {
        chance(0.8) ? usual : pick(Self.numbers)
    }

    private mutating func share(or usual: Double) -> Double {
        chance(0.7) ? usual : pick(Self.shares)
    }

    private mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &dice) < share
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &dice)]
    }
}
