import Foundation
import Model
import Testing

@testable import Intake

@Suite struct ManifestTests {
    private let scratch = Scratch()

    private func batch(_ manifest: String, _ files: [String]) throws {
        for file in files { try scratch.write(Picture.jpeg(file), "b/" + file) }
        try scratch.write(manifest, "b/manifest.yaml")
    }

    @Test func declaresItsFilesOverDefaults() throws {
        try batch(
            """
            defaults:
              season: SS26
              tags: [jeans]
              approval: {by: maria.k, at: 2026-01-01T10:00:00Z}
            files:
              - {file: a.jpg, sku: A, view: front, size: 11B, sha256: "\(ContentHash.of(Data()))"}
              - {file: sub/b.jpg, sku: B, view: back, season: AW26, tags: []}
            """, ["a.jpg", "sub/b.jpg"])
        let first = try scratch.read("b/a.jpg").get()
        #expect(first.assets == [Asset(sku: "A", view: "front")])
        #expect(
            first.season == "SS26" && first.tags == ["jeans"] && first.approval?.by == "maria.k")
        #expect(first.bytes == 11 && first.sha256 == .of(Data()))
        let second = try scratch.read("b/sub/b.jpg").get()
        #expect(second.season == "AW26" && second.tags.isEmpty)
        #expect(try scratch.read("b/manifest.yaml").get().assets.isEmpty)
    }

    @Test func aSidecarLiesOverItsEntry() throws {
        try batch("files: [{file: a.jpg, sku: A, view: detail-2, season: SS26}]", ["a.jpg"])
        try scratch.write("approval: {by: m, at: 2026-01-01T10:00:00Z}\nsku: B\n", "b/a.jpg.yaml")
        let declaration = try scratch.read("b/a.jpg").get()
        #expect(declaration.assets == [Asset(sku: "B", view: "detail", number: 2)])
        #expect(declaration.season == "SS26" && declaration.approval?.by == "m")
    }

    @Test func refusesFilesItDoesNotList() throws {
        try batch("files: [{file: a.jpg, sku: A, view: front}]", ["a.jpg", "stray.jpg"])
        try scratch.write("sku: S\nview: front\n", "b/stray.jpg.yaml")
        let stray = try scratch.read("b/stray.jpg")
        #expect(stray.code == .unlisted)
        #expect(stray.message == "'b/stray.jpg' is not listed in 'b/manifest.yaml'")
        #expect(try scratch.read("b/a.jpg").code == nil)
    }

    @Test func waitsForFilesThatAreListedAndMissing() throws {
        try batch(
            "files: [{file: a.jpg, sku: A, view: front}, {file: late.jpg, sku: B, view: front}]",
            ["a.jpg"])
        guard case .failure(let waiting) = try scratch.read("b/manifest.yaml") else {
            Issue.record("complete without a file")
            return
        }
        #expect(waiting.code == .missingFiles && waiting.transient)
        #expect(waiting.message.contains("'late.jpg'"))
        #expect(try scratch.read("b/a.jpg").code == nil)
        try scratch.write(Picture.jpeg, "b/late.jpg")
        #expect(try scratch.read("b/manifest.yaml").code == nil)
    }

    @Test func aMistakeInOneEntryConcernsItsFileOnly() throws {
        try batch(
            """
            files:
              - {file: a.jpg, sku: A, view: frnt}
              - {file: b.jpg, sku: B, view: front}
              - {file: c.jpg, sku: C}
            """, ["a.jpg", "b.jpg", "c.jpg"])
        let wrong = try scratch.read("b/a.jpg")
        #expect(wrong.code == .badManifest)
        #expect(wrong.problems.first?.hasPrefix("b/manifest.yaml:2:") == true)
        #expect(try scratch.read("b/b.jpg").code == nil)
        let incomplete = try scratch.read("b/c.jpg")
        #expect(incomplete.code == .badManifest)
        #expect(
            incomplete.problems.first?.contains("manifest.yaml:4:5: error: 'view' is missing")
                == true)
    }

    @Test(arguments: [
        ("../a.jpg", "wants the path"), ("/etc/passwd", "wants the path"),
        ("./a.jpg", "wants the path"), ("sub//a.jpg", "wants the path"),
        ("-a.jpg", "wants the path"),
        ("a/../../a.jpg", "wants the path"),
    ])
    func readsNoPathThatLeadsOutside(_ file: String, _ why: String) throws {
        try batch("files: [{file: \"\(file)\", sku: A, view: front}]", [])
        let result = try scratch.read("b/manifest.yaml")
        #expect(result.code == .badManifest)
        #expect(result.problems.joined().contains(why))
    }

    @Test func refusesAListThatContradictsItself() throws {
        try batch(
            """
            files:
              - {file: a.jpg, sku: A, view: front}
              - {file: a.jpg, sku: B, view: front}
            """, ["a.jpg", "b.jpg"])
        let problems = try scratch.read("b/manifest.yaml").problems.joined()
        #expect(problems.contains("b/manifest.yaml:3:12: error: 'a.jpg' is listed twice"))
        #expect(problems.contains("manifest.yaml:2:5: note: 'a.jpg' is here first"))
        #expect(try scratch.read("b/b.jpg").code == .badManifest)
    }

    @Test func aBrokenListIsToldOnce() throws {
        try batch("files: [\n  oops", ["a.jpg"])
        let list = try scratch.read("b/manifest.yaml")
        #expect(list.code == .badManifest && list.problems.count == 1)
        let file = try scratch.read("b/a.jpg")
        #expect(file.code == .badManifest && file.problems.isEmpty)
        #expect(file.message == "'b/a.jpg' waits for 'b/manifest.yaml', which has mistakes")
    }

    @Test func takesOneListOnly() throws {
        try batch("files: [{file: a.jpg, sku: A, view: front}]", ["a.jpg"])
        try scratch.write("{\"files\": []}", "b/manifest.json")
        #expect(try scratch.read("b/a.jpg").code == .badManifest)
        #expect(try scratch.read("b/manifest.yaml").message.contains("keep one"))
    }

    @Test func readsABigListOnce() throws {
        let count = 2_000
        var manifest = "files:\n"
        for number in 0..<count {
            manifest += "  - {file: \(number).jpg, sku: S\(number), view: front}\n"
            try scratch.write(Picture.jpeg, "b/\(number).jpg")
        }
        try scratch.write(manifest, "b/manifest.yaml")
        let spool = Spool(try scratch.settings())
        var skus: Set<String> = []
        let took = try ContinuousClock().measure {
            try spool.scan { batch in
                for candidate in batch {
                    skus.formUnion(try spool.read(candidate).get().assets.map(\.sku))
                }
            }
        }
        #expect(skus.count == count)
        // Read once a file it would be four million lines.
        #expect(took < .seconds(120))
    }
}
