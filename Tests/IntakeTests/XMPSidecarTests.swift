import Foundation
import Host
import Model
import Testing

@testable import Intake

/// The `.xmp` beside a picture.
@Suite struct DescriptionTests {
    private let scratch = Scratch()
    private let nothing = Declaration(assets: [])
    private let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"

    private func candidate(_ path: String) throws -> Candidate {
        try #require(try scratch.all().first { $0.path == path })
    }

    private func stage(_ path: String) throws -> Result<Staged, Rejection> {
        Spool(try scratch.settings()).stage(
            try candidate(path), into: scratch.masters, declared: nothing)
    }

    @Test func itsOwnComesBeforeACommonOne() throws {
        try scratch.write(Picture.jpeg, "sub/a.jpg")
        #expect(try stage("sub/a.jpg").get().xmp == nil)
        try scratch.write(xmp, "sub/a.xmp")
        #expect(try stage("sub/a.jpg").get().xmp == ContentHash.of(Data(xmp.utf8)))
        try scratch.write(xmp + "\n", "sub/a.jpg.xmp")
        let staged = try stage("sub/a.jpg").get()
        let hash = ContentHash.of(Data((xmp + "\n").utf8))
        #expect(staged.xmp == hash)
        let copy = "\(scratch.masters)/\(hash.rawValue.prefix(2))/\(hash)"
        #expect(FileManager.default.contents(atPath: copy) == Data((xmp + "\n").utf8))
    }

    @Test func isNoPictureItself() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        try scratch.write(xmp, "a.jpg.xmp")
        try scratch.write(xmp, "b.xmp")
        try scratch.write(xmp, "c.jpg.xmp")
        try scratch.write(xmp, "a.XMP")
        let (found, notes) = try scratch.scanned()
        #expect(found.map(\.path) == ["a.jpg"])
        #expect(
            notes.texts.sorted() == [
                "'a.XMP' is not read; write its ending in lower case",
                "'b.xmp' waits for its picture, which is not there",
                "'c.jpg.xmp' waits for its picture, which is not there",
            ])
    }

    @Test func aChangeIsAChangeOfThePicture() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        var prints = [try candidate("a.jpg").fingerprint]
        for (name, text) in [
            ("a.xmp", xmp), ("a.xmp", xmp + " "), ("a.jpg.xmp", xmp), ("a.jpg.xmp", xmp + "  "),
        ] {
            try scratch.write(text, name)
            prints.append(try candidate("a.jpg").fingerprint)
        }
        try Files.remove(scratch.spool + "/a.jpg.xmp")
        // Back to the common one, as it was.
        #expect(try candidate("a.jpg").fingerprint == prints[2])
        #expect(Set(prints).count == prints.count)
    }

    @Test func twoPicturesDoNotShareOne() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        try scratch.write(Picture.png, "a.PNG")
        try scratch.write(xmp, "a.xmp")
        for (path, other) in [("a.jpg", "a.PNG"), ("a.PNG", "a.jpg")] {
            let refused = try stage(path)
            #expect(refused.code == .sharedXMP)
            #expect(refused.message == "'a.xmp' may be meant for '\(path)' or for '\(other)'")
        }
        let alone = try candidate("a.jpg").fingerprint
        // Who has one of its own lays no claim, and the other is looked at again.
        try scratch.write(xmp + " ", "a.PNG.xmp")
        #expect(try stage("a.jpg").get().xmp == ContentHash.of(Data(xmp.utf8)))
        #expect(try stage("a.PNG").get().xmp == ContentHash.of(Data((xmp + " ").utf8)))
        #expect(try candidate("a.jpg").fingerprint != alone)
    }

    @Test func isFoundOutsideTheSpoolToo() throws {
        let picture = try scratch.write(Picture.jpeg, "a.jpg")
        #expect(try XMPSidecarSearch.xmp(of: picture) == nil)
        let common = try scratch.write(xmp, "a.xmp")
        #expect(try XMPSidecarSearch.xmp(of: picture) == common)
        try scratch.write(Picture.png, "a.png")
        let fault = #expect(throws: IntakeError.self) { try XMPSidecarSearch.xmp(of: picture) }
        #expect(fault?.message.contains("'a.jpg' or for 'a.png'") == true)
        let own = try scratch.write(xmp, "a.jpg.xmp")
        #expect(try XMPSidecarSearch.xmp(of: picture) == own)
        #expect(try XMPSidecarSearch.xmp(of: scratch.spool + "/none.jpg") == nil)
    }

    @Test func refusesWhatNobodyShouldRead() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        for (make, why) in [
            ({ try scratch.write(Data(count: 1 << 20 + 1), "a.jpg.xmp") }, "larger"),
            ({ try scratch.write("", "a.jpg.xmp") }, "empty"),
        ] as [(() throws -> String, String)] {
            _ = try make()
            let refused = try stage("a.jpg")
            #expect(refused.code == .badSidecar, "\(why): \(refused.message)")
            #expect(refused.message.contains("a.jpg.xmp"))
        }
        try Files.remove(scratch.spool + "/a.jpg.xmp")
        symlink("/etc/passwd", scratch.spool + "/a.jpg.xmp")
        #expect(try stage("a.jpg").code == .symlink)
    }

    @Test(arguments: [
        ("focus: 0.5", "'focus' wants two shares, across and down, such as [0.5, 0.3], not '0.5'"),
        (
            "focus: [0.5]",
            "'focus' wants two shares, across and down, such as [0.5, 0.3], not a list"
        ),
        ("focus: [0.5, 1.5]", "'focus' wants a share such as 0.3 or 30%, not '1.5'"),
        ("focus: [-1, nan]", "'focus' wants a share such as 0.3 or 30%, not '-1'"),
    ])
    func aFocusThatIsNone(text: String, why: String) throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        try scratch.write("sku: A\nview: front\n\(text)\n", "a.jpg.yaml")
        let problems = try scratch.read("a.jpg").problems
        #expect(problems.first?.contains(why) == true, "\(problems)")
        #expect(problems.first?.hasPrefix("a.jpg.yaml:3:") == true, "\(problems)")
    }

    @Test func aManifestSaysItToo() throws {
        try scratch.write(Picture.jpeg, "batch/a.jpg")
        try scratch.write(xmp, "batch/a.xmp")
        try scratch.write(
            """
            defaults: {focus: [0, 1]}
            files:
              - {file: a.jpg, sku: A, view: front}
            """, "batch/manifest.yaml")
        #expect(try scratch.read("batch/a.jpg").get().focus == Focus(x: 0, y: 1))
        #expect(try stage("batch/a.jpg").get().xmp != nil)
    }
}
