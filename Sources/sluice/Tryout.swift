internal import Channels
internal import Export
internal import Foundation
internal import Model

/// One picture through one profile's renditions, for `check` and `render`.
struct Tryout {
    private let profile: Profile
    private let renderer: String
    private let renditions: [Profile.Rendition]

    init(_ options: Options, _ profile: Profile, only rendition: String? = nil) throws(Failure) {
        self.profile = profile
        let (path, named) = options.configurationPath
        let hasFile = named || FileManager.default.isReadableFile(atPath: path)
        let configured = hasFile ? try options.configuration().render.executable : nil
        guard let renderer = configured ?? Configuration.usualRenderer() else {
            throw .couldNot(
                "'sluice-render' is neither beside this program nor in '/usr/lib/sluice'")
        }
        self.renderer = renderer
        let names = profile.renditions.keys.sorted()
        guard let rendition else {
            renditions = names.compactMap { profile.renditions[$0] }
            return
        }
        guard let one = profile.renditions[rendition] else {
            throw .couldNot(
                "'\(profile.channel)' has no rendition '\(rendition)'",
                next: "it has \(names.joined(separator: ", "))")
        }
        renditions = [one]
    }

    struct Outcome {
        var file: String
        var answer: Trial.Answer
        var scratch: String

        var passes: Bool { answer.outcomes.allSatisfy(\.gates.isEmpty) }

        func discard() throws { try FileManager.default.removeItem(atPath: scratch) }

        func show(_ options: Options) {
            if options.json {
                Console.write((try? Self.encode(answer)) ?? Data())
            } else {
                Console.show(lines(.standard()))
            }
        }
    }

    func run(_ file: String) async throws(Failure) -> Outcome {
        let scratch =
            FileManager.default.temporaryDirectory.path + "/sluice-\(UUID().uuidString)"
        let trial = Trial(renderer: renderer, scratch: scratch)
        do throws(Trial.Failure) {
            let answer = try await trial.run(file, renditions, of: profile, at: Date())
            await trial.close()
            return Outcome(file: file, answer: answer, scratch: scratch)
        } catch {
            await trial.close()
            try? FileManager.default.removeItem(atPath: scratch)
            throw .couldNot("'\(file)' cannot be rendered: \(error)")
        }
    }
}

extension Tryout.Outcome {
    func lines(_ page: Page) -> [String] {
        let master = answer.inspection
        var lines = [
            "\(file): \(master.format.rawValue) \(master.size), \(master.space)"
                + (master.hasAlpha ? " with transparency" : "")
        ]
        for outcome in answer.outcomes {
            let light = page.light(outcome.gates.isEmpty ? "green" : "red")
            lines.append("\(light) \(outcome.rendition): \(Self.measured(outcome.receipt))")
            for gate in outcome.gates {
                let place = gate.place.map { " (\($0))" } ?? ""
                lines += page.wrap("\(gate.kind.rawValue): \(gate.message)\(place)", lead: "    ")
            }
        }
        return lines
    }

    private static func measured(_ receipt: Receipt?) -> String {
        guard let receipt else { return "none could be made" }
        let quality = receipt.quality.map { ", quality \($0)" } ?? ""
        let ring = receipt.rings.first { $0.share == 0.01 }.map { ring in
            ring.worst == 0
                ? ", border as the background" : ", worst border pixel \(ring.color) at \(ring.at)"
        }
        return
            "\(receipt.format.rawValue) \(receipt.size), \(Words.number(Int(receipt.bytes))) bytes"
            + quality + (ring ?? "")
    }

    private struct Answer: Encodable {
        struct Rendition: Encodable {
            var rendition: String
            var file: String?
            var receipt: Receipt?
            var gates: [Gate]
        }

        var master: ContentHash
        var inspection: Inspection
        var renditions: [Rendition]
    }

    private static func encode(_ answer: Trial.Answer) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let value = Answer(
            master: answer.master, inspection: answer.inspection,
            renditions: answer.outcomes.map {
                Answer.Rendition(
                    rendition: $0.rendition, file: $0.file, receipt: $0.receipt, gates: $0.gates)
            })
        return try encoder.encode(value) + Data("\n".utf8)
    }
}
