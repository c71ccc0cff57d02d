import Foundation
import Model
import PictureSupport
import Testing

/// A few hundred files that somebody might send, and what becomes of each. The verdicts are in
/// `Verdicts.txt`; after a change that is meant, SLUICE_CORPUS=write makes it anew, to be read as a
/// difference by a person.
@Suite("Corpus", .serialized)
struct CorpusTests {
    private static let table = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Verdicts.txt")

    static func specimens() throws -> [Specimen] {
        let whole = try Whole.specimens()
        return try whole + Damage.specimens(of: whole) + Forged.specimens(of: whole)
            + MetadataCorpus.specimens(of: whole) + Said.specimens(of: whole)
    }

    @Test("every file gets its verdict, with the walls and without them, and no worker dies of one")
    func verdicts() async throws {
        let specimens = try Self.specimens()
        #expect(specimens.count > 350)
        #expect(Set(specimens.map(\.name)).count == specimens.count)
        async let closed = Self.verdicts(on: specimens, walls: true)
        async let open = Self.verdicts(on: specimens, walls: false)
        let (inside, outside) = (try await closed, try await open)
        let lines = zip(specimens, inside).map { "\($0.name) → \($1)" }
        if ProcessInfo.processInfo.environment["SLUICE_CORPUS"] == "write" {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: Self.table)
        }
        let known = try String(contentsOf: Self.table, encoding: .utf8)
            .split(separator: "\n").map(String.init)
        for line in Set(lines).symmetricDifference(known).sorted() {
            Issue.record("\(known.contains(line) ? "was" : "is"): \(line)")
        }
        for (specimen, (inside, outside)) in zip(specimens, zip(inside, outside)) {
            #expect(inside == outside, "\(specimen.name)")
        }
    }

    private static func verdicts(
        on specimens: [Specimen], walls: Bool
    ) async throws -> [String] {
        let examiner = try Examiner(walls: walls)
        var verdicts: [String] = []
        for specimen in specimens { verdicts.append(await examiner.verdict(on: specimen)) }
        let deaths = await examiner.deaths
        await examiner.end()
        #expect(deaths.isEmpty, "\(deaths.joined(separator: "\n"))")
        return verdicts
    }
}
