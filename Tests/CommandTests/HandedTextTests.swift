import Foundation
import Intake
import Model
import Testing
import Wire

@testable import sluice

@Suite struct HandedTextTests {
    private func entry(_ task: HandedTask, _ name: String, mustGo: String? = nil)
        -> HandedAnswer.Entry
    {
        HandedAnswer.Entry(
            task: task, name: name, asset: "A1 front", slot: "main", sha256: nil,
            since: Answers.ago(60), mustGo: mustGo)
    }

    private var answer: HandedAnswer {
        let manifest = HandedAnswer.Manifest(
            number: 7, madeAt: Answers.ago(3600), tasks: ["add": 60, "remove": 1],
            entries: [entry(.remove, "old.jpg", mustGo: "the licence ended")]
                + (1...60).map { entry(.add, "a\($0).jpg") })
        var answer = HandedAnswer(channel: "amazon", manifests: [manifest])
        (answer.who, answer.say, answer.from) = ("anna", "Upload it", "file:///srv/hand/amazon/")
        return answer
    }

    @Test func saysWhatIsToBeDoneAndWhere() {
        let lines = HandedText.lines(answer, of: nil, Answers.page)
        #expect(
            lines.prefix(3) == [
                "anna: Upload it", "the files lie in file:///srv/hand/amazon/",
                "manifest 7 of 2025-11-24 16:00: 60 to add, 1 to remove",
            ])
        #expect(lines[3].contains("remove  old.jpg") && lines[3].contains("the licence ended"))
        #expect(lines.last == "  and 21 more")
    }

    @Test func showsOnlyWhatIsMeant() {
        let lines = HandedText.lines(answer, of: ["A7.jpg"], Answers.page)
        #expect(lines.count == 4 && lines[3].contains("a7.jpg"))
        #expect(HandedText.lines(answer, of: ["A1"], Answers.page).count == 44)
    }

    /// As a spreadsheet saves a manifest, and as a person types names.
    @Test(
        arguments: [
            ("manifest;do;file;sku\r\n7;add;\"a;1.jpg\";A1\r\n7;add;'=b.jpg;B1\r\n", 7, "a;1.jpg"),
            ("A1\n'=b.jpg", nil, "A1"),
        ] as [(String, Int?, String)])
    func readsWhatIsDoneFromAFile(_ text: String, _ manifest: Int?, _ first: String) throws {
        let path = NSTemporaryDirectory() + "done-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(filePath: path))
        let list = try DoneList.read(path)
        #expect(list.manifests == Set([manifest].compactMap(\.self)))
        #expect(list.items == [first, "=b.jpg"])
    }

    /// A list of everything that a few manifests tell of: none is left out, and the socket takes each part.
    @Test func longListsAreSaidInParts() {
        let names = (0..<25_000).map { "p\($0)-\(String(repeating: "x", count: $0 % 90)).jpg" }
        let parts = OrderParts.of(names).compactMap(\.self)
        #expect(parts.flatMap(\.self) == names)
        #expect(parts.allSatisfy { $0.joined().utf8.count < 21 << 10 })
        #expect(OrderParts.of(nil) == [nil])
        #expect(OrderParts.of([String(repeating: "x", count: 30_000), "b"]).count == 2)
    }
}
