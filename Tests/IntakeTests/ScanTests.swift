import Foundation
import Host
import Model
import Testing

@testable import Intake

@Suite struct ScanTests {
    private let scratch = Scratch()

    @Test func findsLooseFilesAndBatchesOnly() throws {
        for name in [
            "a.jpg", "sub/deep/b.png", ".hidden.jpg", ".git/c.jpg", "d.jpg.tmp", "e.jpg.PART",
            "Thumbs.db",
        ] { try scratch.write(Picture.jpeg, name) }
        try scratch.write("sku: A", "a.jpg.yaml")
        try scratch.write("files: []", "batch/manifest.yaml")
        try scratch.write(Picture.jpeg, "batch/x/f.jpg")
        let found = try scratch.all()
        #expect(
            found.map(\.path) == [
                "a.jpg", "batch/manifest.yaml", "batch/x/f.jpg", "sub/deep/b.png",
            ])
        #expect(found.map(\.batch) == [nil, "batch", "batch", nil])
        #expect(found.map(\.isManifest) == [false, true, false, false])
    }

    /// What a NAS, Windows, macOS and browsers leave, as files and as directories.
    @Test func passesOverLitter() throws {
        let litter = [
            "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", "SYNOPHOTO_THUMB_M.jpg", "a.jpg:Zone.Identifier",
            "a.jpg@SynoEAStream", "#recycle/old.jpg", "@Recycle/old.jpg", "$RECYCLE.BIN/$R1.jpg",
            "System Volume Information/x", "lost+found/1", "THUMBS.DB", "Desktop.ini", "Icon\r",
            "__MACOSX/._a.jpg", "b.jpg.crdownload", "b.jpg.part", "b.jpg.partial", "b.jpg.tmp",
            "b.jpg.download", "~$list.xlsx", "a.jpg~", "Network Trash Folder/x",
        ]
        let hidden = [
            ".AppleDouble/a.jpg", "._a.jpg", ".DS_Store", ".Trash-1000/files/a.jpg",
            ".fuse_hidden0001", ".nfs000001", ".sync/x", ".stfolder/x", ".smbdelete0001",
            ".~lock.list.ods#",
        ]
        for name in litter + hidden { try scratch.write(Picture.jpeg, name) }
        try scratch.write(Picture.jpeg, "a.jpg")
        let (found, notes) = try scratch.scanned()
        #expect(found.map(\.path) == ["a.jpg"])
        #expect(notes.count == 0)
        #expect(notes.ignored == litter.count + hidden.count)
    }

    @Test func takesWhatOnlyBeginsLikeLitter() throws {
        for name in ["thumbs.db.jpg", "eadir.jpg", "icon.jpg", "part.jpg", "a@eaDir.jpg"] {
            try scratch.write(Picture.jpeg, name)
        }
        #expect(try scratch.all().count == 5)
    }

    @Test func anEmptySpoolIsNoError() throws {
        #expect(try scratch.all().isEmpty)
    }

    @Test func aMissingSpoolIsTheHostsTrouble() throws {
        rmdir(scratch.spool)
        let failure = #expect(throws: IntakeError.self) { try scratch.all() }
        #expect(failure?.remedy == .fixHost)
        #expect(failure?.message.contains("nothing is withdrawn") == true)
    }

    @Test func theFingerprintFollowsFileSidecarAndManifest() throws {
        try scratch.write(Picture.jpeg, "batch/a.jpg")
        func print() throws -> String {
            try #require(try scratch.all().first { $0.path == "batch/a.jpg" }).fingerprint
        }
        var seen = [try print()]
        #expect(try print() == seen[0])
        try scratch.write("sku: A", "batch/a.jpg.json")
        seen.append(try print())
        try scratch.write("sku: B", "batch/a.jpg.json")
        seen.append(try print())
        try scratch.write("files: []", "batch/manifest.yml")
        seen.append(try print())
        try scratch.write(Picture.jpeg, "batch/a.jpg")
        seen.append(try print())
        unlink(scratch.spool + "/batch/a.jpg.json")
        seen.append(try print())
        #expect(Set(seen).count == seen.count)
    }

    @Test func waitsForFilesThatSettle() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        let candidate = try #require(try scratch.all().first)
        let newest = candidate.newest
        #expect(abs(newest.timeIntervalSinceNow) < 60)
        #expect(!candidate.isSettled(at: newest.addingTimeInterval(9), settle: 10))
        #expect(candidate.isSettled(at: newest.addingTimeInterval(10), settle: 10))
        #expect(!candidate.isSettled(at: newest.addingTimeInterval(-1), settle: 10))
        // The clock was set back a year: nobody waits that long.
        #expect(candidate.isSettled(at: newest.addingTimeInterval(-31_536_000), settle: 10))
    }

    @Test func aSidecarWrittenLaterStartsTheWaitAgain() throws {
        try scratch.write(Picture.jpeg, "a.jpg")
        let before = try #require(try scratch.all().first).newest
        try scratch.write("sku: A", "a.jpg.yaml")
        let after = try #require(try scratch.all().first).newest
        var beside = stat()
        #expect(stat(scratch.spool + "/a.jpg.yaml", &beside) == 0)
        #expect(after == FileIdentity(beside).changedAt)
        #expect(after >= before)
    }

    @Test func notesSidecarsWithoutPictures() throws {
        try scratch.write("sku: A", "lost.jpg.yaml")
        try scratch.write("sku: A", "b.jpg.YAML")
        try scratch.write("files: []", "manifest.yaml")
        let (found, notes) = try scratch.scanned()
        #expect(found.isEmpty)
        #expect(notes.count == 3)
        #expect(notes.texts.contains("'lost.jpg.yaml' waits for 'lost.jpg', which is not there"))
        #expect(notes.texts.contains { $0.contains("lower case") })
        #expect(notes.texts.contains { $0.contains("belongs into the directory of its batch") })
    }

    @Test func goesNoDeeperThanTold() throws {
        try scratch.write(Picture.jpeg, "1/2/3/a.jpg")
        let (found, notes) = try scratch.scanned(scratch.settings(depth: 2))
        #expect(found.isEmpty)
        #expect(notes.texts == ["'1/2/3' is not looked into: more than 2 levels deep"])
    }

    @Test func followsNoLinkedDirectory() throws {
        let outside = scratch.path + "/outside"
        mkdir(outside, 0o700)
        try Files.write(Picture.jpeg, to: outside + "/secret.jpg")
        symlink(outside, scratch.spool + "/link")
        symlink(scratch.spool, scratch.spool + "/loop")
        let found = try scratch.all()
        #expect(found.map(\.path) == ["link", "loop"])
        #expect(found.map { read($0).code } == [.symlink, .symlink])
    }

    private func read(_ candidate: Candidate) -> Result<Declaration, Rejection> {
        Spool(SpoolSettings(path: scratch.spool)).read(candidate)
    }

    @Test func twentyThousandFilesInBoundedBatches() throws {
        for number in 0..<20_000 {
            close(open("\(scratch.spool)/\(number).jpg", O_CREAT | O_WRONLY, 0o600))
        }
        var sizes: [Int] = []
        var paths: Set<String> = []
        let notes = try Spool(scratch.settings()).scan { batch in
            sizes.append(batch.count)
            paths.formUnion(batch.map(\.path))
        }
        #expect(paths.count == 20_000)
        #expect(notes.files == 20_000)
        #expect(sizes.allSatisfy { $0 <= 500 } && sizes.count == 40)
    }
}

@Suite struct SpoolNameTests {
    private let scratch = Scratch()

    @Test(arguments: [
        (Array("plain name (1).jpg".utf8), "plain name (1).jpg"),
        (Array("grün.jpg".utf8), "grün.jpg"),
        (Array("a\nb.jpg".utf8), "a%0Ab.jpg"),
        (Array("a%0Ab.jpg".utf8), "a%250Ab.jpg"),
        (Array("50%off.jpg".utf8), "50%off.jpg"),
        ([0x67, 0x72, 0xFC, 0x6E], "gr%FCn"),
        (Array("gru\u{308}n".utf8), "gru%CC%88n"),
        (Array("a\u{202E}gpj.exe".utf8), "a%E2%80%AEgpj.exe"),
        (Array("\u{1B}[31m".utf8), "%1B[31m"),
    ])
    func showsAnyBytesAsHarmlessText(_ bytes: [UInt8], _ shown: String) {
        #expect(SpoolName.escaped(bytes) == shown)
    }

    @Test func neverGivesTwoNamesTheSamePath() {
        var generator = SystemRandomNumberGenerator()
        var seen: [String: [UInt8]] = [:]
        let alphabet = Array("%05Aae\n".utf8) + [0xCC, 0x81, 0xC3, 0xA9, 0xFF]
        for _ in 0..<20_000 {
            let name = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let shown = SpoolName.escaped(name)
            #expect(seen[shown] == nil || seen[shown] == name, "\(shown)")
            seen[shown] = name
        }
    }

    @Test func rejectsHostileNamesUnderAnEscapedOne() throws {
        scratch.write(Picture.jpeg, bytes: [0x67, 0x72, 0xFC, 0x6E, 0x2E, 0x6A, 0x70, 0x67])
        scratch.write(Picture.jpeg, bytes: Array("a\nb.jpg".utf8))
        scratch.write(Picture.jpeg, bytes: Array("-rf.jpg".utf8))
        let found = try scratch.all()
        #expect(found.map(\.path) == ["-rf.jpg", "a%0Ab.jpg", "gr%FCn.jpg"])
        let spool = Spool(try scratch.settings())
        for candidate in found {
            #expect(spool.read(candidate).code == .badName)
            let staged = spool.stage(
                candidate, into: scratch.masters, declared: Declaration(assets: []))
            #expect(staged.code == .badName)
        }
    }

    @Test func rejectsADirectoryWithAHostileNameAsOne() throws {
        try scratch.write(Picture.jpeg, "-x/a.jpg")
        try scratch.write(Picture.jpeg, "-x/b.jpg")
        #expect(try scratch.all().map(\.path) == ["-x"])
    }

    @Test func takesNamesThatAreOnlyUnusual() throws {
        let long = String(repeating: "ä", count: 125) + "x.jpg"
        #expect(long.utf8.count == 255)
        let names = [
            long, "with space.jpg", "A.jpg", "a.jpg", "é.jpg", "e\u{301}.jpg", "rtl\u{200F}.jpg",
            "🧥.jpg", "[Q=1].jpg", "..jpg.jpg".replacing("..", with: "x.."),
        ]
        let settings = try scratch.settings()
        for name in names {
            scratch.write(Picture.jpeg(name), bytes: Array(name.utf8))
        }
        let found = try scratch.all()
        #expect(found.count == names.count)
        #expect(Set(found.map(\.path)).count == names.count)
        let staged = try found.map {
            try Spool(settings).stage(
                $0, into: scratch.masters, declared: Declaration(assets: [])
            ).get()
        }
        #expect(Set(staged.map(\.sha256)).count == names.count)
    }
}
