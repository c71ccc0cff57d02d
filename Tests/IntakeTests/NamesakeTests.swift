import Foundation
import Host
import Model
import Testing

@testable import Intake

/// A name in another normal form is the same name; another case is a near miss, told with both.
@Suite struct NamesakeTests {
    private let scratch = Scratch()
    private let composed = "Gr\u{F6}\u{DF}e.jpg"
    private let decomposed = "Gro\u{308}\u{DF}e.jpg"

    private func read(raw: String) throws -> Result<Declaration, Rejection> {
        let candidate = try #require(
            try scratch.all().first { $0.raw.map { $0.utf8.elementsEqual(raw.utf8) } ?? false })
        return Spool(try scratch.settings()).read(candidate)
    }

    private var xmp: Data { Data("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>".utf8) }

    // MARK: The same name

    @Test func aSidecarInAnotherFormIsThePictures() throws {
        scratch.write(Picture.jpeg, bytes: Array(decomposed.utf8))
        scratch.write(Data("sku: A\nview: front\n".utf8), bytes: Array("\(composed).yaml".utf8))
        #expect(try read(raw: decomposed).get().assets == [Asset(sku: "A", view: "front")])
        #expect(try scratch.scanned().notes.count == 0)
    }

    @Test func aSidecarBelongsToThePictureOfItsVeryName() throws {
        scratch.write(Picture.jpeg, bytes: Array(decomposed.utf8))
        scratch.write(Picture.jpeg, bytes: Array(composed.utf8))
        scratch.write(Data("sku: A\nview: front\n".utf8), bytes: Array("\(composed).yaml".utf8))
        #expect(try read(raw: composed).code == nil)
        let other = try read(raw: decomposed)
        #expect(other.code == .noDeclaration)
        #expect(other.message.contains("'Größe.jpg.yaml'"), "\(other.message)")
    }

    @Test func aChangedSidecarInAnotherFormIsAChange() throws {
        scratch.write(Picture.jpeg, bytes: Array(decomposed.utf8))
        let before = try #require(try scratch.all().first).fingerprint
        scratch.write(Data("sku: A".utf8), bytes: Array("\(composed).yaml".utf8))
        #expect(try #require(try scratch.all().first).fingerprint != before)
    }

    @Test func approvalGoesIntoTheSidecarThatIsThere() throws {
        scratch.write(Picture.jpeg, bytes: Array(decomposed.utf8))
        scratch.write(Data("sku: A\nview: front\n".utf8), bytes: Array("\(composed).yaml".utf8))
        let written = try SidecarWriter.approve(
            file: scratch.spool + "/" + decomposed, by: "maria", at: Date(),
            in: scratch.settings())
        #expect(written.path.utf8.elementsEqual("\(scratch.spool)/\(composed).yaml".utf8))
    }

    @Test func aManifestMayNameItInAnotherForm() throws {
        for (listed, there) in [(composed, decomposed), (decomposed, composed)] {
            let scratch = Scratch()
            try scratch.write(
                "files: [{file: \"\(listed)\", sku: A, view: front}]", "b/manifest.yaml")
            try scratch.write(Picture.jpeg, "b/" + there)
            let spool = Spool(try scratch.settings())
            for candidate in try scratch.all() { #expect(spool.read(candidate).code == nil) }
        }
    }

    @Test func twoFilesForOneListedNameAreToldApart() throws {
        try scratch.write(
            "files: [{file: \"\(composed)\", sku: A, view: front}]", "b/manifest.yaml")
        try scratch.write(Picture.jpeg, "b/" + decomposed)
        try scratch.write(Picture.jpeg, "b/" + composed)
        #expect(try read(raw: "b/" + composed).code == nil)
        let other = try read(raw: "b/" + decomposed)
        #expect(other.code == .unlisted)
        #expect(
            other.message == "'b/Gro%CC%88%C3%9Fe.jpg' is not listed in 'b/manifest.yaml'; "
                + "it lists 'Größe.jpg': give both the same name")
    }

    @Test func anXMPInAnotherFormIsThePictures() throws {
        scratch.write(Picture.jpeg, bytes: Array(decomposed.utf8))
        for name in ["Gr\u{F6}\u{DF}e.xmp", "\(composed).xmp"] {
            scratch.write(xmp, bytes: Array(name.utf8))
            let (found, notes) = try scratch.scanned()
            let description = try #require(found.first?.xmp)
            #expect(description.raw.utf8.elementsEqual(name.utf8))
            #expect(notes.count == 0)
        }
    }

    // MARK: Near misses

    @Test func aSidecarInAnotherCaseIsToldWithItsPicture() throws {
        try scratch.write(Picture.jpeg, "C.JPG")
        try scratch.write("sku: C\nview: front\n", "C.jpg.yaml")
        let (_, notes) = try scratch.scanned()
        #expect(
            notes.texts == [
                "'C.jpg.yaml' waits for 'C.jpg', which is not there; there is 'C.JPG': "
                    + "give both the same name"
            ])
        #expect(notes.misnamed == 1)
        let refused = try scratch.read("C.JPG")
        #expect(refused.code == .noDeclaration)
        #expect(refused.message.hasSuffix("; there is 'C.jpg.yaml': give both the same name"))
    }

    @Test func aListedNameInAnotherCaseIsToldFromBothSides() throws {
        try scratch.write(
            "files: [{file: sub/b.jpg, sku: B, view: front}, {file: c.jpeg, sku: C, view: front}]",
            "b/manifest.yaml")
        try scratch.write(Picture.jpeg, "b/sub/B.JPG")
        try scratch.write(Picture.jpeg, "b/c.jpg")
        #expect(
            try scratch.read("b/sub/B.JPG").message
                == "'b/sub/B.JPG' is not listed in 'b/manifest.yaml'; it lists 'sub/b.jpg': "
                + "give both the same name")
        let missing = try scratch.read("b/manifest.yaml")
        #expect(missing.code == .missingFiles)
        #expect(missing.message.contains("'sub/b.jpg'; there is 'sub/B.JPG': give both"))
        #expect(missing.message.contains("'c.jpeg'; there is 'c.jpg': give both"))
    }

    @Test func anXMPInAnotherCaseIsToldWithItsPicture() throws {
        try scratch.write(Picture.jpeg, "C.JPG")
        try scratch.write(Picture.jpeg, "d.jpg")
        try scratch.write(xmp, "c.xmp")
        try scratch.write(xmp, "D.JPG.xmp")
        let texts = try scratch.scanned().notes.texts.sorted()
        #expect(
            texts == [
                "'D.JPG.xmp' waits for its picture, which is not there; there is 'd.jpg': "
                    + "give both the same name",
                "'c.xmp' waits for its picture, which is not there; there is 'C.JPG': "
                    + "give both the same name",
            ])
    }

    @Test func aPictureWithASidecarOfItsOwnLacksNone() throws {
        try scratch.write(Picture.jpeg, "C.JPG")
        try scratch.write("sku: C\nview: front\n", "C.JPG.yaml")
        try scratch.write("sku: C\nview: front\n", "C.jpg.yaml")
        let notes = try scratch.scanned().notes
        #expect(notes.texts == ["'C.jpg.yaml' waits for 'C.jpg', which is not there"])
        #expect(notes.misnamed == 0)
    }
}
