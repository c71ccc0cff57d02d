import Foundation
import Model
import Testing
import Wire

@testable import sluice

/// `sluice check FILE`, to the letter.
@Suite struct ExaminationTests {
    private let page = Page(width: 80, colour: false, zone: .gmt)
    private let examination = Examined.examination

    @Test func coloursThatNoProfileSays() {
        var examination = examination
        examination.measurement.colors = "Display P3 (cICP)"
        let lines = ExaminationText(page: page).lines(examination)
        #expect(lines.contains("  read as       Display P3 (cICP)"))
        #expect(!lines.contains { $0.contains("ICC profile") })
    }

    @Test func allThatWasMeasuredThenEveryChannel() {
        let lines = ExaminationText(page: page).lines(examination)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(
            lines.joined(separator: "\n") == """
                mug.jpg  MUG-1 front
                  format        jpeg, 1,204,331 bytes, 1 page
                  size          3000x2000 pixels
                  orientation   6, all here is told of it upright
                  colours       srgb, 3 bands of 8 bits, no transparency
                  ICC profile   'FOGRA39' for CMYK, which does not fit srgb with 3 bands
                  density       300 pixels per inch
                  sha-256       a19ee2577879b76a5b98cb022b10b3e5c5d07122267089a0505cd9ca792d304f
                  background    near #FEFEFE, one colour, nearly
                  worst border  #F0EFEE at (12, 1990), 15 of 255 away
                  product       1500x1500 pixels at (0, 250)
                  fill          75 % by the longest side, 37.5 % by area
                  edges         cut off at the left edge
                  mean          red 201, green 198, blue 190
                  clipped to 0  red 0 %, green < 0.1 %, blue 0 %
                  and to 255    red 63 %, green 0 %, blue 0 %

                  copyright     © ACME (in 'mug.xmp')
                                the picture itself: Old
                  credit        Agency
                  usable until  2025-03-31 (in 'mug.xmp')
                  constraints   AL-CRP (in 'mug.xmp')
                  not stated    title, source type, usage terms, creator, usable from, product
                                GTIN
                  also holds    GPS position, serial number: never sent on
                  rights        ended with 2025-03-31 (it says so itself), must not be cropped
                  PIM record    sku MUG-1, title Mug

                ✗ amazon  live  Amazon
                    ✗ rights: rights ended with 2025-03-31, as the picture itself says
                        what helps   deliver a picture with rights
                  ✗ hero  jpeg 1927x1927, 398,507 bytes, quality 92
                    ✗ background.ring  its worst border pixel is #F0EFEE at (8, 1330), 17 away
                        wanted       a border of #FFFFFF, 1 % wide
                        demanded by  amazon.yaml:27:42
                        what helps   deliver the picture on a clean background
                ● webshop  live  Webshop
                  ● large  jpeg 2048x2048, 398,507 bytes, quality 92
                ○ otto  retired  not asked: it takes everything down
                ✗ email  live  Email
                  ✗ the master itself
                    ✗ origin  has none
                        wanted       digital-source-type in the metadata
                        demanded by  email.yaml:30:5, § 4
                        what helps   write it into the picture or the .xmp beside it

                ✗ 2 of 3 channels would hold it: amazon, email
                  every demand of one: sluice check FILE --channel NAME
                """)
    }

    @Test func oneChannelShowsWhatIsMetAsWell() {
        let lines = ExaminationText(page: page, showsEverything: true).lines(examination)
        #expect(lines.contains("    ✓ format           is jpeg  wanted: jpeg"))
        #expect(!lines.contains { $0.contains("--channel") })
    }

    @Test func colourMovesNothing() {
        var colour = page
        colour.colour = true
        let bare = ExaminationText(page: colour).lines(examination).map {
            $0.replacing(/\u{1B}\[[0-9]*m/, with: "")
        }
        let plain = ExaminationText(page: page).lines(examination)
        #expect(zip(bare, plain).allSatisfy { $0.count == $1.count } && bare.count == plain.count)
    }

    @Test func theDocumentHasEverything() throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        let value = try JSONSerialization.jsonObject(with: encoder.encode(examination))
        let document = try #require(value as? [String: Any])
        let measurement = try #require(document["measurement"] as? [String: Any])
        for key in ["format", "bits_per_band", "has_alpha", "profile", "density", "pixels", "fill"]
        {
            #expect(measurement[key] != nil, "\(key)")
        }
        let metadata = try #require(document["metadata"] as? [String: Any])
        #expect(metadata["holds"] as? [String] == ["gps", "serial_number"])
        let copyright = try #require(metadata["copyright"] as? [[String: String]])
        #expect(copyright.map { $0["source"] } == ["mug.xmp", "picture"])
        let licence = try #require(document["licence"] as? [String: Any])
        #expect(licence["state"] as? String == "ended")
        let channels = try #require(document["channels"] as? [[String: Any]])
        #expect(
            channels.map { $0["verdict"] as? String } == ["hold", "pass", "not_asked", "hold"])
        let rendition = try #require((channels[0]["renditions"] as? [[String: Any]])?.first)
        let check = try #require((rendition["checks"] as? [[String: Any]])?.last)
        #expect(Set(check.keys) == ["rule", "demand", "measured", "passed", "place", "fix"])
    }

    @Test func theLicenceIsOneSentence() {
        func words(_ rights: Rights, fault: String? = nil) -> String {
            var version = Version(
                id: 1, asset: Asset(sku: "A1", view: "front"),
                master: ContentHash.of(Data("mug".utf8)), rights: rights)
            version.xmpFault = fault
            return LicenceWords.of(.init(version, zone: .gmt, at: Answers.now)).0
        }
        #expect(words(Rights()) == "nothing restricts its use")
        var rights = Rights(
            from: Answers.ago(-86_400 * 30), markets: ["DE", "AT"], notOn: ["otto"], noCrop: true)
        #expect(
            words(rights)
                == "do not begin before 2025-12-24 16:00, for DE, AT, not on otto, must not be cropped"
        )
        rights = Rights(overridesEmbedded: true, because: "renewed")
        #expect(words(rights) == "what the picture says is set aside: renewed")
        rights = Rights()
        rights.unreadable = ["soon"]
        #expect(words(rights) == "restricted by 'soon', which nobody can understand")
        #expect(
            words(Rights(), fault: "it is no XML")
                == "nobody knows what its .xmp says: it is no XML")
    }
}
