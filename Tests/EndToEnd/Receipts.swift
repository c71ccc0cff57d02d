import Foundation
import Model
import Support
import Testing

/// What was measured in what left, and what tomorrow's rules will say to it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Receipts {
    @Test func everyFileHasItsReceipt() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let shown = try await site.sluice("receipt", "A1", "--channel", "folder")
            #expect(shown.status == 0, "\(shown.output)")
            for word in ["A1.jpg", "sha256", "approved by", "wanted: jpeg", "judged"] {
                #expect(shown.output.contains(word), "\(word) in \(shown.output)")
            }
            // The file itself, whatever it is called here.
            let file = site.root(of: .folder) + "/A1.jpg"
            let found = try await site.sluice("receipt", file)
            #expect(found.status == 0)
            #expect(found.output.contains("on folder") && found.output.contains("on web"))
            #expect(try await site.sluice("receipt", "A1-back-1.jpg").output.contains("back"))
            // As `live` prints it, as a browser's line shows it, and its last part on another host.
            let live = try await site.sluice("live", "A1")
            let address = try #require(
                live.output.split(separator: "\n").first {
                    $0.contains("://") && $0.hasSuffix("A1.jpg")
                })
            let url = address.trimmingCharacters(in: .whitespaces)
            for subject in [
                url, url.replacing("A1.jpg", with: "%41%31.jpg"),
                "https://shop.example.com/x/A1.jpg?width=200",
            ] {
                let told = try await site.sluice("receipt", subject)
                #expect(told.status == 0, "\(subject): \(told.output)")
                #expect(told.output.contains("A1.jpg") && !told.output.contains("A1 back"))
            }
            // Who a picture was made for, beside its hash.
            #expect(
                try site.books.number(
                    "SELECT COUNT(*) FROM event WHERE kind = 'rendered' AND subject LIKE 'A1 %'")
                    == 2)
            let unknown = try await site.sluice("receipt", "B1")
            #expect(unknown.status == 2)
            #expect(unknown.output.contains("nothing is known of 'B1'"))
            #expect(
                try site.books.number("SELECT COUNT(*) FROM judgement WHERE passed = 1") == 9)
        }
    }

    @Test func anotherRevisionJudgesWhatIsMeasuredAlready() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let before = try site.books.number("SELECT COUNT(*) FROM event WHERE kind = 'rendered'")
            let rule =
                "rules:\n  - {id: floor, of: rendition, min_side: 90, source: \"page 7\", seen: 2026-11-21}\n"
            try site.write(Channel.folder.profile(site) + rule, as: .folder)
            #expect(try await site.sluice("reload").status == 0)
            try await site.settle()
            let shown = try await site.sluice("receipt", "A1", "--channel", "folder")
            #expect(shown.output.contains("floor"), "\(shown.output)")
            #expect(shown.output.contains("at least 90 pixels"), "\(shown.output)")
            let after = try site.books.number("SELECT COUNT(*) FROM event WHERE kind = 'rendered'")
            #expect(before == after)
        }
    }

    @Test func upcomingNamesWhatToShootAgain() async throws {
        try await Site.with { site in
            let rules = """
                rules:
                  - {id: floor, of: rendition, min_side: 16, source: "page 7", seen: 2026-11-21}
                  - {id: floor, of: rendition, min_side: 5000, from: 2099-01-31, source: "page 7", seen: 2026-11-21}

                """
            try site.write(Channel.folder.profile(site) + rules, as: .folder)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let soon = try await site.sluice("upcoming")
            #expect(soon.status == 0 && soon.output.contains("no rule of any channel begins"))
            let later = try await site.sluice("upcoming", "--on", "2099-02-01")
            #expect(later.status == 1)
            #expect(later.output.contains("3 of 3 live files will fail"), "\(later.output)")
            #expect(later.output.contains("A1 front") && later.output.contains("at least 5000"))
            #expect(later.output.contains("2099-01-31  "), "the site's day: \(later.output)")
            #expect(try await site.sluice("upcoming", "--on", "2099-01-31").status == 1)
            #expect(try await site.sluice("upcoming", "--on", "2099-01-30").status == 0)
            #expect(try await site.sluice("upcoming", "--on", "soon").status == 64)
        }
    }
}
