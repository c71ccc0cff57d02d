import Foundation
import Testing

/// What may stand in one place only.
@Suite struct OnePlaceTests {
    private func places(of text: Regex<Substring>) throws -> [String] {
        try Tree.files().filter { $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") }
            .filter { try Tree.text($0).contains(text) }.sorted()
    }

    /// Everything else asks a clock that tests can step.
    @Test func theTimeIsAskedInOnePlace() throws {
        #expect(
            try places(of: /\bDate\(\)|Date\.now\b|Date = \.now\b/) == [
                "Sources/Host/WallClock.swift"
            ])
    }

    /// Another engine needs another of these folders, and nothing else.
    @Test func oneFolderKnowsTheDatabase() throws {
        let places = try places(of: /import GRDB\b/)
        #expect(!places.isEmpty)
        #expect(places.allSatisfy { $0.hasPrefix("Sources/Bookkeeping/Engine/") }, "\(places)")
    }

    /// Adding a transport is a folder and a line: nobody else asks which one it is.
    @Test func oneListKnowsTheTransports() throws {
        let list = try places(of: /\b(?:FolderReader|HTTPReader|SFTPReader|FTPReader|S3Reader)\(\)/)
        #expect(list == ["Sources/Transports/TransportRegistry.swift"])
        #expect(
            try places(of: /case (?:\.|")(?:sftp|https?|ftp|ftps|ftpes|s3)\b|case "file"/) == [])
        #expect(
            try places(of: /as\?? (?:any )?(?:Folder|HTTP|SFTP|FTP|S3)(?:Options|Transport)\b/)
                .allSatisfy { $0.hasPrefix("Sources/Transports/") })
    }

    /// Whether a picture may be used is decided by its licence. The others write down what was said of
    /// it, or show that.
    @Test func oneAnswerToWhetherAPictureMayBeUsed() throws {
        #expect(
            try places(
                of:
                    /rights\.(?:from|until|markets|notOn|noCrop)\b|\.approvalFault\b|\.countsFrom\b/
            ) == [
                "Sources/Bookkeeping/SKURecord.swift", "Sources/Bookkeeping/Testimonies.swift",
                "Sources/Intake/Statement.swift", "Sources/Model/Asset.swift",
                "Sources/Model/Licence.swift", "Sources/sluice/Checking/Metadata.swift",
            ])
    }

    /// Deliveries are moved by the table of `DeliveryMove`, not by words in statements.
    @Test func oneTableMovesDeliveries() throws {
        #expect(
            try places(of: /UPDATE delivery\s+SET(?:(?!WHERE)[^"])*\bstate = (?:'|IIF\(state)/)
                == [])
    }
}
