import Foundation
import Model
import Support
import Testing
import Wire

/// What cannot be used: told in the first line, gone with its file, dismissed by a person; and what
/// only looks as if it could not.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Quarantining {
    @Test func isToldClearedAndDismissed() async throws {
        try await Site.with { site in
            try site.home.write("no picture", to: "spool/B1_front.png")
            try site.home.write("", to: "spool/gone.png")
            for litter in ["@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "a.png:Zone.Identifier"] {
                try site.home.write("litter", to: "spool/\(litter)")
            }
            try site.start()
            try await site.ready()
            try await site.quarantined(2)
            let status = try await site.sluice("status")
            #expect(status.status == 1)
            #expect(
                status.output.hasPrefix("◐ attention: 2 files quarantined; sluice quarantine list"),
                "\(status.output)")
            #expect(try await site.status().spool.ignored == 2)
            let list = try await site.sluice("quarantine", "list")
            #expect(list.status == 1)
            #expect(list.output.contains("'gone.png' is empty"), "\(list.output)")
            #expect(list.output.contains("'sluice approve'"), "\(list.output)")
            let why = try await site.sluice("why", "B1")
            #expect(why.output.contains("'B1_front.png' lies in quarantine"), "\(why.output)")

            // An empty directory where the spool should be mounted says nothing about its files.
            try site.move(site.home.path("spool"), to: site.home.path("aside/spool"))
            _ = try site.home.makeDirectory("spool")
            try await site.scanned()
            #expect(try await site.status().spool.quarantined == 2)
            try FileManager.default.removeItem(atPath: site.home.path("spool"))
            try site.move(site.home.path("aside/spool"), to: site.home.path("spool"))
            try await site.scanned()

            let reason = site.home.path("state/quarantine/gone.png.reason.txt")
            #expect(FileManager.default.fileExists(atPath: reason))
            unlink(site.home.path("spool/gone.png"))
            try await site.quarantined(1)
            #expect(!FileManager.default.fileExists(atPath: reason))

            let unknown = try await site.sluice("quarantine", "dismiss", "B1_frnt.png")
            #expect(unknown.status == 2)
            #expect(unknown.output.contains("did you mean 'B1_front.png'?"), "\(unknown.output)")
            let path = site.home.path("spool/B1_front.png")
            #expect(try await site.sluice("quarantine", "dismiss", path).status == 0)
            #expect(try await site.status().verdict == .ok)
            let after = try await site.sluice("quarantine", "list")
            #expect(after.status == 0 && after.output.contains("1 dismissed"), "\(after.output)")
            try site.home.write("no picture either", to: "spool/B1_front.png")
            try await site.quarantined(1)
            #expect(try await site.sluice("quarantine", "dismiss", "--all").status == 0)
        }
    }

    /// The issue's `ABC/D`: any text is a SKU, and a filter puts it into a name.
    @Test func aSKUWithASlashGoesLive() async throws {
        try await Site.with { site in
            let profile = Channel.folder.profile(site)
                .replacingOccurrences(of: "{sku}", with: "{sku|slug}")
            try site.write(profile, as: .folder)
            try site.drop(
                Source(sku: "ABC/D", seed: 1, file: "one.png"),
                Source(sku: "GRO\u{308}SSE 1", seed: 2, file: "two.png"))
            try site.start()
            try await site.settle()
            #expect(Set(try site.tree(.folder).keys) == ["ABC-D.jpg", "GROESSE-1.jpg"])
            let live = try await site.sluice("live", "ABC/D")
            #expect(live.output.contains("ABC-D.jpg"), "\(live.output)")
            // Typed composed, delivered decomposed.
            #expect(try await site.sluice("live", "GRÖSSE 1").output.contains("GROESSE-1.jpg"))
            #expect(try await site.sluice("why", "ABC/D", "--channel", "folder").status == 0)
            let why = try await site.sluice("why", "ABC/D", "--channel", "web")
            #expect(why.status == 1)
            #expect(why.output.contains("write '{sku|slug}' in that name"), "\(why.output)")
            // Two that give one name: the holder stays, both are named.
            try site.drop(Source(sku: "ABC D", seed: 3, file: "three.png"))
            try await site.settle()
            #expect(try site.tree(.folder).count == 2)
            let clash = try await site.sluice("why", "ABC D", "--channel", "folder")
            #expect(clash.status == 1)
            #expect(clash.output.contains("held by ABC/D front"), "\(clash.output)")
        }
    }

    @Test func approvingWhatWasWithdrawnSaysSo() async throws {
        try await Site.with { site in
            let source = Source(sku: "A1", seed: 1)
            try site.drop(source)
            try site.start()
            try await site.settle()
            #expect(
                try await site.sluice("withdraw", "A1", "--because", "wrong colour").status == 0)
            let approved = try await site.sluice(
                "approve", site.home.path("spool/\(source.name)"))
            #expect(approved.status == 1)
            #expect(approved.output.contains("(wrong colour), and stays so"), "\(approved.output)")
            #expect(approved.output.contains("sluice reinstate A1 --view front --number 1"))
        }
    }
}

extension Site {
    fileprivate func quarantined(_ count: Int) async throws {
        try await wait(for: "\(count) files in quarantine") {
            try await status().spool.quarantined == count
        }
    }

    /// A whole look at the spool that began after this was called.
    fileprivate func scanned() async throws {
        for _ in 0..<2 {
            let before = try await status().spool.lastScan
            try await wait(for: "another look at the spool") {
                try await status().spool.lastScan != before
            }
        }
    }
}
