import Foundation
import Host
import Model
import Testing

@testable import Intake

@Suite struct SidecarWriterTests {
    private let scratch = Scratch()
    private let bytes = Picture.jpeg("approved")
    private let at = date("2026-01-05T09:00:00Z")

    private func approve(
        _ name: String = "a.jpg", seq: Int? = nil, sku: [String] = [], view: String? = nil,
        naming: String? = nil
    ) throws -> SidecarWriter.Written {
        try SidecarWriter.approve(
            file: scratch.spool + "/" + name, by: "maria \"k\"", at: at, seq: seq, sku: sku,
            view: view, in: scratch.settings(naming: naming))
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: scratch.spool + "/" + name, encoding: .utf8)
    }

    @Test func writesASidecarWhereThereWasNone() throws {
        try scratch.write(bytes, "a.jpg")
        let written = try approve(sku: ["A", "B"], view: "detail-2")
        #expect(written.path == scratch.spool + "/a.jpg.yaml")
        #expect(try scratch.contents().keys.sorted() == ["a.jpg", "a.jpg.yaml"])
        let declaration = try scratch.read("a.jpg").get()
        #expect(declaration.assets.map(\.description) == ["A detail-2", "B detail-2"])
        #expect(declaration.approval == written.approval)
        #expect(
            declaration.approval
                == Approval(by: "maria \"k\"", at: at, seq: 0, sha256: .of(bytes)))
        var status = stat()
        #expect(stat(written.path, &status) == 0 && status.st_mode & 0o777 == 0o644)
    }

    @Test func neverWritesWhatEverybodyMayChange() throws {
        let picture = try scratch.write(bytes, "a.jpg")
        #expect(chmod(picture, 0o777) == 0)
        func mode() -> mode_t {
            var status = stat()
            return stat(picture + ".yaml", &status) == 0 ? status.st_mode & 0o7777 : 0
        }
        _ = try approve(sku: ["A"], view: "front")
        #expect(mode() == 0o664)
        #expect(chmod(picture + ".yaml", 0o666) == 0)
        _ = try approve()
        #expect(mode() == 0o664)
    }

    /// Half of all moments do not survive being written with three digits and read again.
    @Test func approvesAtAnyMoment() throws {
        try scratch.write(bytes, "a.jpg")
        for step in 0..<50 {
            let moment = at.addingTimeInterval(Double(step) * 0.0137)
            let written = try SidecarWriter.approve(
                file: scratch.spool + "/a.jpg", by: "maria", at: moment,
                sku: step == 0 ? ["A"] : [], view: step == 0 ? "front" : nil,
                in: scratch.settings())
            #expect(abs(written.approval.at.timeIntervalSince(moment)) < 0.002)
            let declared = try scratch.read("a.jpg").get().approval
            #expect(declared == written.approval)
        }
    }

    @Test func changesTheApprovalAndNothingElse() throws {
        try scratch.write(bytes, "a.jpg")
        try scratch.write(
            """
            # what Maria wrote
            sku: A   # the short one
            approval:          # old
              by: old
              # and why
              at: 2025-01-01T00:00:00Z
              seq: 3

            # below is about rights
            view: front
            rights: {in: [EU]}

            """, "a.jpg.yaml")
        let written = try approve()
        #expect(written.approval.seq == 3)
        #expect(
            try text("a.jpg.yaml") == """
                # what Maria wrote
                sku: A   # the short one
                approval:
                  by: "maria \\"k\\""
                  at: 2026-01-05T09:00:00Z
                  seq: 3
                  sha256: \(ContentHash.of(bytes))

                # below is about rights
                view: front
                rights: {in: [EU]}

                """)
        #expect(try approve(seq: 4).approval.seq == 4)
        #expect(try scratch.read("a.jpg").get().rights.markets == ["EU"])
    }

    @Test(arguments: [
        "sku: A\nview: front", "sku: A\nview: front\n\n# the end\n",
        "sku: A\r\nview: front\r\napproval: {by: x, at: 2025-01-01}\r\n",
        "approval: {by: x,\n  at: 2025-01-01}\nsku: A\nview: front\n",
        "---\nsku: A\nview: front\n...\n", "\u{FEFF}sku: A\nview: front\n",
        "{\"sku\": \"A\", \"view\": \"front\"}",
        "view: front\nsku:\n- A\n- B\n",
    ])
    func findsItsPlaceInAnySidecar(_ sidecar: String) throws {
        try scratch.write(bytes, "a.jpg")
        try scratch.write(sidecar, "a.jpg.yaml")
        let before = try scratch.read("a.jpg").get()
        let approval = try approve().approval
        var expected = before
        expected.approval = approval
        #expect(try scratch.read("a.jpg").get() == expected)
        let once = try text("a.jpg.yaml")
        _ = try approve()
        #expect(try text("a.jpg.yaml") == once)
    }

    @Test func keepsJSONAsJSON() throws {
        try scratch.write(bytes, "a.jpg")
        try scratch.write(
            "{\"sku\": \"A/1\", \"view\": \"frnt\", \"tags\": [\"ü\"]}", "a.jpg.json")
        #expect(throws: IntakeError.self) { try approve() }
        try scratch.write("{\"sku\": \"A1\", \"view\": \"front\", \"tags\": [\"ü\"]}", "a.jpg.json")
        _ = try approve()
        let declaration = try scratch.read("a.jpg").get()
        #expect(declaration.tags == ["ü"] && declaration.approval?.sha256 == .of(bytes))
        #expect(throws: Never.self) {
            try JSONSerialization.jsonObject(with: Data(text("a.jpg.json").utf8))
        }
    }

    @Test func refusesWhatAPersonMustMend() throws {
        try scratch.write(bytes, "a.jpg")
        try scratch.write("sku: A\nveiw: front\n", "a.jpg.yaml")
        let before = try scratch.contents()
        let failure = #expect(throws: IntakeError.self) { try approve() }
        #expect(failure?.message.contains("a.jpg.yaml:2:1: error") == true)
        #expect(try scratch.contents() == before)
    }

    @Test func asksForWhatNothingSays() throws {
        try scratch.write(bytes, "A_front.jpg")
        #expect(throws: IntakeError.self) { try approve("A_front.jpg") }
        let unknown = #expect(throws: IntakeError.self) {
            try approve("A_front.jpg", sku: ["A"], view: "frnt")
        }
        #expect(unknown?.message.contains("did you mean 'front'?") == true)
        #expect(try scratch.contents().count == 1)
        _ = try approve("A_front.jpg", naming: "{sku}_{view}")
        #expect(
            try scratch.read("A_front.jpg").get().assets == [Asset(sku: "A", view: "front")])
    }

    @Test func aBatchsManifestSaysTheRest() throws {
        try scratch.write(bytes, "b/a.jpg")
        try scratch.write("files: [{file: a.jpg, sku: A, view: front}]", "b/manifest.yaml")
        _ = try approve("b/a.jpg")
        let declaration = try scratch.read("b/a.jpg").get()
        #expect(declaration.assets == [Asset(sku: "A", view: "front")])
        #expect(declaration.approval?.sha256 == .of(bytes))
    }

    @Test func approvesPicturesOnly() throws {
        try scratch.write("sku: A\nview: front\n", "a.jpg.yaml")
        symlink("/etc/passwd", scratch.spool + "/link.jpg")
        mkfifo(scratch.spool + "/fifo.jpg", 0o600)
        try scratch.write("", "empty.jpg")
        try scratch.write("root:x:0:0:root:/root:/bin/bash\n", "passwd")
        try scratch.write("<html><body>404</body></html>", "page.jpg")
        for name in [
            "a.jpg.yaml", "link.jpg", "fifo.jpg", "empty.jpg", "passwd", "page.jpg", "missing.jpg",
            ".x.jpg",
        ] {
            #expect(throws: IntakeError.self, "\(name)") {
                try approve(name, sku: ["A"], view: "front")
            }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.spool).sorted()
        #expect(
            names == ["a.jpg.yaml", "empty.jpg", "fifo.jpg", "link.jpg", "page.jpg", "passwd"])
    }

    @Test func saysWhenThePictureStaysWithdrawn() throws {
        try scratch.write(bytes, "a.jpg")
        try scratch.write("sku: A\nview: front\nwithdrawn: wrong colour\n", "a.jpg.yaml")
        #expect(try approve().isWithdrawn)
    }
}
