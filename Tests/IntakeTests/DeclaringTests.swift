import Foundation
import Model
import Testing

@testable import Intake

@Suite struct SidecarTests {
    private let scratch = Scratch()

    private func declared(_ sidecar: String, _ name: String = "a.jpg.yaml") throws -> Declaration {
        try result(sidecar, name).get()
    }

    private func result(
        _ sidecar: String, _ name: String = "a.jpg.yaml"
    ) throws -> Result<Declaration, Rejection> {
        try scratch.write(Picture.jpeg, "a.jpg")
        try scratch.write(sidecar, name)
        return try scratch.read("a.jpg")
    }

    @Test func readsAllThatCanBeSaid() throws {
        let hash = String(repeating: "9f", count: 32)
        let declaration = try declared(
            """
            sku: SKU12345
            view: Vorne
            season: 2025-10
            variant: red
            kind: image
            audience: public
            approval: {by: maria.k, at: 2025-10-04T09:12:00Z, seq: 1, sha256: \(hash)}
            rights:
              from: 2025-10-10
              until: 2026-03-31
              in: [EU, NO]
              not_on: [amazon]
              no_crop: true
              overrides: embedded
              because: the agency's dates are wrong
            tags: [jeans, blue]
            withdrawn: {because: wrong colour, at: 2026-01-02T00:00:00Z}
            focus: [0.5, 30%]
            size: 1kB
            sha256: \(hash)
            """)
        #expect(declaration.focus == Focus(x: 0.5, y: 0.3))
        #expect(declaration.assets == [Asset(sku: "SKU12345", view: "front", variant: "red")])
        #expect(declaration.season == "2025-10" && declaration.tags == ["jeans", "blue"])
        let approval = try #require(declaration.approval)
        #expect(approval.by == "maria.k" && approval.at == date("2025-10-04T09:12:00Z"))
        #expect(approval.seq == 1 && approval.sha256?.rawValue == hash)
        let rights = declaration.rights
        // Bare days are Berlin's: summer time at the start, and the end of its last day.
        #expect(rights.from == date("2025-10-09T22:00:00Z"))
        #expect(rights.until == date("2026-03-31T22:00:00Z"))
        #expect(rights.markets == ["EU", "NO"] && rights.notOn == ["amazon"])
        #expect(rights.noCrop && rights.overridesEmbedded)
        #expect(rights.because == "the agency's dates are wrong")
        #expect(
            declaration.withdrawn
                == Withdrawal(at: date("2026-01-02T00:00:00Z"), because: "wrong colour"))
        #expect(declaration.bytes == 1000 && declaration.sha256?.rawValue == hash)
    }

    @Test func aFileWithoutApprovalIsStillDeclared() throws {
        let declaration = try declared("sku: [A, B]\nview: detail-2\n")
        #expect(
            declaration.assets == [
                Asset(sku: "A", view: "detail", number: 2),
                Asset(sku: "B", view: "detail", number: 2),
            ])
        #expect(declaration.approval == nil && declaration.rights == Rights())
    }

    @Test func aSKUIsAnyTextInComposedForm() throws {
        for sku in ["ABC/D", "AB 12", "4711#2", "../../etc/passwd"] {
            let declaration = try declared("sku: \"\(sku)\"\nview: front\n")
            #expect(declaration.assets.map(\.sku) == [sku])
        }
        let sku = try #require(
            try declared("sku: GRO\u{308}SSE\nview: front\n").assets.first
        ).sku
        #expect(sku.utf8.elementsEqual("GR\u{D6}SSE".utf8))
    }

    @Test func aPictureServesNoCatalogue() throws {
        func read(_ count: Int) throws -> Result<Declaration, Rejection> {
            let list = (0..<count).map { "S\($0)" }.joined(separator: ", ")
            try scratch.write(Picture.jpeg, "a.jpg")
            try scratch.write("sku: [\(list)]\nview: front\n", "a.jpg.yaml")
            return try scratch.read("a.jpg")
        }
        #expect(try read(100).get().assets.count == 100)
        let refused = try read(101)
        #expect(refused.code == .badSidecar)
        #expect(
            refused.problems.first?.contains("names 101 SKUs, and one picture serves at most 100")
                == true)
    }

    @Test func readsJSONAsWell() throws {
        let declaration = try declared(
            #"{"sku": "A", "view": "back", "number": 3, "season": null}"#, "a.jpg.json")
        #expect(declaration.assets == [Asset(sku: "A", view: "back", number: 3)])
        #expect(declaration.season == nil)
        #expect(!declaration.isByName)
    }

    @Test func aShortWithdrawalDatesFromItsFile() throws {
        let withdrawn = try declared("sku: A\nview: front\nwithdrawn: sold out\n").withdrawn
        #expect(withdrawn?.because == "sold out")
        var status = stat()
        #expect(stat(scratch.spool + "/a.jpg.yaml", &status) == 0)
        #expect(withdrawn?.at == FileIdentity(status).modifiedAt)
    }

    @Test(arguments: [
        ("sku: A\nview: frnt", "a.jpg.yaml:2:7: error: there is no view 'frnt'", "front"),
        ("sku: A\nveiw: front", "a.jpg.yaml:2:1: error: a sidecar has no key 'veiw'", "view"),
        (
            "sku: \(String(repeating: "x", count: 65))\nview: front",
            "a.jpg.yaml:1:6: error: 'sku' wants 1 to 64 characters", ""
        ),
        ("sku: AB #12\nview: front", "a.jpg.yaml:1:6: error: 'sku' ends at ' #12'", "AB #12"),
        ("sku: [A, A]\nview: front", "names one twice", ""),
        ("sku: A\nview: detail-2\nnumber: 3", "a.jpg.yaml:3:9: error: 'number' is 3", "2"),
        ("sku: A\nview: front\nkind: video", "not-built", "video"),
        ("sku: A\nview: front\nkind: imgae", "a.jpg.yaml:3:7", "image"),
        ("sku: A\nview: front\nwithdrawn: true", "wants a reason", ""),
        ("sku: A\nview: front\napproval: {by: m}", "an approval needs 'at'", ""),
        ("sku: A\nview: front\napproval: {by: m, at: yesterday}", "wants a date", ""),
        ("sku: A\nview: front\nrights: {from: 2026-02-02, until: 2026-02-01}", "end before", ""),
        ("sku: A\nview: front\nrights: {overrides: embedded}", "'because' with a reason", ""),
        ("sku: A\nview: front\nrights: {in: []}", "names no market", ""),
        ("sku: A\nview: front\nsha256: 12", "64 hexadecimal digits", ""),
        ("sku: A\n", "'view' is missing", "no 'naming' pattern"),
        ("just text", "a sidecar is written as 'key: value' lines", ""),
        ("", "a sidecar", ""),
        ("sku: A\nsku: B\nview: front", "'sku' is there twice", ""),
        ("sku: [A\nview: front", "a.jpg.yaml:", ""),
    ])
    func saysWhereAMistakeIs(_ sidecar: String, _ first: String, _ second: String) throws {
        let result = try result(sidecar)
        #expect(result.code == .badSidecar)
        let told = result.problems.joined(separator: "\n")
        #expect(told.contains(first) && (second.isEmpty || told.contains(second)), "\(told)")
    }

    @Test func takesOneSidecarOnly() throws {
        try scratch.write("sku: A\nview: front\n", "a.jpg.yml")
        let result = try result("sku: A\nview: front\n")
        #expect(result.code == .badSidecar)
        #expect(result.message == "'a.jpg' has 'a.jpg.yaml' and 'a.jpg.yml' beside it; keep one")
    }

    @Test func refusesAliasBombsAndGiantsAtOnce() throws {
        var bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (name, old) in zip("bcdefghij", "abcdefghi") {
            bomb +=
                "\(name): &\(name) [\((0..<9).map { _ in "*\(old)" }.joined(separator: ", "))]\n"
        }
        let clock = ContinuousClock()
        let took = try clock.measure {
            let result = try result(bomb)
            #expect(result.problems.joined().contains("[reference]"))
            let deep = try self.result(String(repeating: "[", count: 60_000))
            #expect(deep.code == .badSidecar)
            let long = try self.result(String(repeating: "#", count: 70_000))
            #expect(
                long.problems.joined().contains("at most 65536 are read")
                    || long.code == .badSidecar)
        }
        // They take milliseconds; unguarded, the first would never end.
        #expect(took < .seconds(20))
    }

    @Test func readsNoSidecarThatLeadsElsewhere() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        symlink("/etc/passwd", scratch.spool + "/a.jpg.yaml")
        #expect(try scratch.read("a.jpg").code == .symlink)
        unlink(scratch.spool + "/a.jpg.yaml")
        mkfifo(scratch.spool + "/a.jpg.yaml", 0o600)
        #expect(try scratch.read("a.jpg").code == .badSidecar)
    }
}

@Suite struct FileNameTests {
    private let scratch = Scratch()

    private func read(_ file: String, _ naming: String?) throws -> Result<Declaration, Rejection> {
        try scratch.write(Picture.jpeg, file)
        return try scratch.read(file, scratch.settings(naming: naming))
    }

    @Test(arguments: [
        ("SKU1_SS26_front.jpg", "{sku}_{season}_{view}", Asset(sku: "SKU1", view: "front"), "SS26"),
        (
            "AB_12_SS26_Vorne.JPG", "{sku}_{season}_{view}", Asset(sku: "AB_12", view: "front"),
            "SS26"
        ),
        ("A-12-detail-2.png", "{sku}-{view}", Asset(sku: "A-12", view: "detail", number: 2), nil),
        (
            "A_detail_02.png", "{sku}_{view}_{number}", Asset(sku: "A", view: "detail", number: 2),
            nil
        ),
        (
            "A.back.red.tif", "{sku}.{view}.{variant}",
            Asset(sku: "A", view: "back", variant: "red"), nil
        ),
        ("IMG0042_A_f.jpg", "{any}_{sku}_{view}", Asset(sku: "A", view: "front"), nil),
        ("grün(back).jpg", "{sku}({view})", Asset(sku: "grün", view: "back"), nil),
    ])
    func readsNames(_ file: String, _ naming: String, _ asset: Asset, _ season: String?) throws {
        let declaration = try read(file, naming).get()
        #expect(declaration.assets == [asset])
        #expect(declaration.season == season)
        #expect(declaration.isByName)
    }

    @Test(arguments: [
        ("IMG_1234.jpg", "its name does not follow the pattern '{sku}_{season}_{view}'"),
        ("A_SS26_frnt.jpg", "no known view: 'frnt'; did you mean 'front'?"),
        ("A_SS26_.jpg", "does not follow the pattern"),
        (String(repeating: "_", count: 220) + ".jpg", "its name"),
    ])
    func saysWhyANameSaysNothing(_ file: String, _ why: String) throws {
        let result = try read(file, "{sku}_{season}_{view}")
        #expect(result.code == .noDeclaration)
        #expect(result.message.contains(why), "\(result.message)")
    }

    @Test func guessesAtNothing() throws {
        let result = try read("A-front-back.jpg", "{sku}-{view}")
        #expect(try result.get().assets.map(\.viewText) == ["back"])
        let ambiguous = try read("detail_2_A.jpg", "{view}_{sku}")
        #expect(ambiguous.code == .noDeclaration)
        #expect(ambiguous.message.contains("several ways: '2_A detail', 'A detail'"))
        let twice = try read("front-A-back", "{view}-{sku}")
        #expect(try twice.get().assets == [Asset(sku: "A-back", view: "front")])
    }

    @Test func withoutAPatternNothingIsRead() throws {
        let result = try read("A_front.jpg", nil)
        #expect(result.code == .noDeclaration)
        #expect(result.message.contains("there is no 'A_front.jpg.yaml' beside it"))
    }

    @Test func whatStandsBesideGoesBeforeTheName() throws {
        try scratch.write("sku: B\nseason: AW26\n", "A_SS26_front.jpg.yaml")
        let declaration = try read("A_SS26_front.jpg", "{sku}_{season}_{view}").get()
        #expect(declaration.assets == [Asset(sku: "B", view: "front")])
        #expect(declaration.season == "AW26")
    }

    @Test(arguments: [
        ("{sku}{view}", "needs a sign between"), ("{sku}", "needs {sku} and {view}"),
        ("{sku}_{veiw}", "did you mean 'view'?"), ("{sku}_{view", "without its '}'"),
        ("{sku}_{view}_{sku}", "twice"),
    ])
    func refusesPatternsThatCannotWork(_ text: String, _ why: String) {
        let failure = #expect(throws: IntakeError.self) { try NamePattern(text) }
        #expect(failure?.message.contains(why) == true)
    }

    @Test func viewsHaveOneMeaning() throws {
        let views = try Views([("front", ["Vorne", "f"]), ("rückseite", [])])
        #expect(views.resolve(" VORNE ")?.name == "front")
        #expect(views.resolve("Ru\u{308}ckseite2")?.name == "rückseite")
        #expect(views.resolve("f_03")?.number == 3)
        for nonsense in ["", "2", "-2", "front-0", "front-1000", "front--2", "vor ne"] {
            #expect(views.resolve(nonsense) == nil, "\(nonsense)")
        }
        #expect(throws: IntakeError.self) { try Views([("a", ["x"]), ("b", ["X"])]) }
        #expect(throws: IntakeError.self) { try Views([("detail-2", [])]) }
    }

    @Test func theRevisionFollowsWhatIsRead() throws {
        let old = try scratch.settings(naming: "{sku}_{view}")
        var new = old
        new.views = try Views([("front", ["vorne", "f", "v"]), ("back", []), ("detail", [])])
        #expect(old.revision != new.revision)
        #expect(try old.revision == scratch.settings(naming: "{sku}_{view}").revision)
    }
}
