import Foundation
import Host
import Model
import Testing

@testable import Intake

@Suite struct WholenessTests {
    private let scratch = Scratch()

    private func batch(_ name: String, hashed: Bool = true) throws {
        try scratch.write(Picture.jpeg("a"), name + "/a.jpg")
        let hash = hashed ? ", sha256: \(ContentHash.of(Picture.jpeg("a")))" : ""
        try scratch.write(
            "files: [{file: a.jpg, sku: A, view: front\(hash)}]", name + "/manifest.yaml")
    }

    /// By renaming, as often as the file system's clock needs to see that it came later.
    private func deliver(_ name: String) throws {
        let (path, aside) = (scratch.spool + "/" + name, scratch.path + "/aside")
        for _ in 1...100_000 {
            try Files.rename(path, to: aside, durable: false)
            try Files.rename(aside, to: path, durable: false)
            let directory = FileIdentity(try OpenFile.open(path, O_RDONLY).status())
            let manifest = FileIdentity(
                try OpenFile.open(path + "/manifest.yaml", O_RDONLY).status())
            if directory.changed > manifest.changed { return }
        }
        Issue.record("the clock of the file system stands still")
    }

    private func whole(_ name: String) throws -> [String] {
        let spool = Spool(try scratch.settings())
        return try scratch.all().filter { $0.path.hasPrefix(name) && spool.isWhole($0) }
            .map(\.path)
    }

    @Test func renamedInWithItsHashes() throws {
        try batch("b")
        try deliver("b")
        #expect(try whole("b") == ["b/a.jpg", "b/manifest.yaml"])
    }

    /// All in one tick of the file system's clock: only who saw it move can tell.
    @Test func seenToMove() throws {
        try batch("b")
        let directory = FileIdentity(try OpenFile.open(scratch.spool + "/b", O_RDONLY).status())
        let candidates = try scratch.all()
        let spool = Spool(try scratch.settings())
        #expect(candidates.allSatisfy { !spool.isWhole($0, movedAt: directory.changed - 1) })
        let batch = candidates.filter { $0.newest <= directory.changedAt }
        #expect(batch.allSatisfy { spool.isWhole($0, movedAt: directory.changed) })
    }

    @Test func writtenWhereItLies() throws {
        try batch("b")
        #expect(try whole("b").isEmpty)
    }

    @Test func withoutHashes() throws {
        try batch("b", hashed: false)
        try deliver("b")
        #expect(try whole("b").isEmpty)
    }

    /// Half a manifest may be a manifest too, with the end of the rights in the other half.
    @Test func changedAfterwards() throws {
        try batch("b")
        try deliver("b")
        let hash = ContentHash.of(Picture.jpeg("a"))
        let path = scratch.spool + "/b/manifest.yaml"
        try Data("files: [{file: a.jpg, sku: A, view: back, sha256: \(hash)}]".utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(try whole("b").isEmpty)
    }

    @Test func aFileThatCameLater() throws {
        try batch("b")
        try deliver("b")
        try scratch.write(Picture.jpeg("c"), "b/c.jpg")
        #expect(try whole("b").isEmpty)
    }
}
