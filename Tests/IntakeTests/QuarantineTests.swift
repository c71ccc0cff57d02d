import Foundation
import Host
import Model
import Testing

@testable import Intake

@Suite struct QuarantineTests {
    private let scratch = Scratch()

    private func candidates() throws -> [Candidate] { try scratch.all() }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.quarantine)) ?? []).sorted()
    }

    @Test func writesAReasonPeopleCanRead() throws {
        try scratch.write(Picture.jpeg, "SS26/a.jpg")
        try scratch.write("sku: A\nview: frnt\n", "SS26/a.jpg.yaml")
        let candidate = try #require(try candidates().first)
        guard case .failure(let rejection) = Spool(try scratch.settings()).read(candidate) else {
            Issue.record("accepted")
            return
        }
        let quarantine = Quarantine(scratch.quarantine)
        try quarantine.note(rejection, for: candidate, at: date("2026-03-01T10:00:00Z"))
        #expect(names == ["SS26%2Fa.jpg.reason.txt"])
        let text = try String(
            contentsOfFile: scratch.quarantine + "/" + names[0], encoding: .utf8)
        #expect(text.contains("'SS26/a.jpg' was not taken"))
        #expect(text.contains("SS26/a.jpg.yaml:2:7: error: there is no view 'frnt'"))
        #expect(text.contains("did you mean 'front'?"))
        #expect(text.contains("when: 2026-03-01T10:00:00Z"))
        try quarantine.clear(candidate.path)
        try quarantine.clear(candidate.path)
        #expect(names.isEmpty)
    }

    @Test func everyNameIsSafeAndItsOwn() {
        let long = String(repeating: "ü", count: 127)
        let paths = [
            "a/b", "a%2Fb", "-x", "%2Dx", long + "1", long + "2", "a/" + long, "a\u{202E}b",
        ]
        let files = paths.map { Quarantine.fileName(SpoolName.escaped(Array($0.utf8))) }
        #expect(Set(files).count == paths.count)
        for file in files {
            #expect(file.utf8.count <= 200 && !file.contains("/") && !file.hasPrefix("-"))
            #expect(file.hasSuffix(".reason.txt"))
        }
    }

    @Test func aFloodIsBounded() throws {
        for number in 0..<8 { try scratch.write("", "\(number).jpg") }
        let quarantine = Quarantine(scratch.quarantine, limit: 5)
        let spool = Spool(try scratch.settings())
        for candidate in try candidates() {
            guard case .failure(let rejection) = spool.read(candidate) else { continue }
            try quarantine.note(rejection, for: candidate, at: Date())
        }
        #expect(names.count == 6)
        #expect(names.contains("there-are-more.txt"))
        try quarantine.clear("0.jpg")
        let last = try #require(try candidates().last)
        try quarantine.note(
            Rejection(.empty, "'7.jpg' is empty"), for: last, at: Date())
        #expect(names.contains("7.jpg.reason.txt"))
    }

    @Test func everyCodeHasAdvice() {
        for code in Rejection.Code.allCases {
            #expect(!Rejection(code, "x").advice.isEmpty)
        }
    }
}
