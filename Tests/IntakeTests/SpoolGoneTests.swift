import Foundation
import Testing

@testable import Intake

@Suite struct SpoolGoneTests {
    private let scratch = Scratch()

    @Test func asksByTheVeryBytesOfAName() throws {
        let names = [
            Array("a.jpg".utf8), Array("gro\u{308}n.jpg".utf8), [0x67, 0xFC, 0x6E],
            Array("50%25 off%.jpg".utf8),
        ]
        for name in names { scratch.write(Picture.jpeg, bytes: name) }
        for name in names { #expect(SpoolName.unescaped(SpoolName.escaped(name)) == name) }
        let spool = Spool(try scratch.settings())
        let paths = try scratch.all().map(\.path)
        #expect(paths.count == 4)
        #expect(try spool.gone(paths + ["none.jpg", "none/a.jpg"]) == ["none.jpg", "none/a.jpg"])
    }

    @Test func aFileThatIsRefusedTellsWhoseItIs() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        try scratch.write("sku: [ABC/D, B]\nview: forn\n", "a.jpg.yaml")
        guard case .failure(let refused) = try scratch.read("a.jpg") else {
            Issue.record("taken")
            return
        }
        #expect(refused.skus == ["ABC/D", "B"])
        #expect(
            refused.summary == "what stands beside 'a.jpg' cannot be used: a.jpg.yaml:2:7: "
                + "error: there is no view 'forn' [unknown-view]")
        try scratch.write("", "X1_front.jpg")
        guard
            case .failure(let empty) = try scratch.read(
                "X1_front.jpg", scratch.settings(naming: "{sku}_{view}"))
        else { return }
        #expect(empty.code == .empty && empty.skus == ["X1"])
    }
}
