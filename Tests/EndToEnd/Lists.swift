import Foundation
import GRDB
import Model
import Support
import Testing
import Wire

/// What a number of status counts can be listed; what is asked for wrongly is said so.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Lists {
    private func entries(
        _ site: Site, _ kind: ListAnswer.Kind, _ more: [String] = []
    ) async throws -> [ListAnswer.Entry] {
        let words = ["list", kind.rawValue, "--json", "--config", site.configuration] + more
        let run = try await site.run(words)
        #expect(run.status == 0, "\(run.output)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return try run.output.split(separator: "\n").map {
            try decoder.decode(ListAnswer.Entry.self, from: Data($0.utf8))
        }
    }

    /// What the walk through the spool sees and nobody has taken.
    @Test func whatIsNotTakenIsAList() async throws {
        try await Site.with { site in
            let configuration = try String(contentsOfFile: site.configuration, encoding: .utf8)
                .replacing("settle: 0s", with: "settle: 1h")
            try site.home.write(configuration, to: "sluice.yaml")
            try site.drop(Source(sku: "A1", seed: 1))
            try site.move(
                site.home.path("spool/A1-front-1.png.yaml"),
                to: site.home.path("spool/A1-Front-1.png.yaml"))
            try site.start()
            try await site.ready()
            try await site.wait(for: "the walk") { try await site.status().spool.misnamed == 1 }
            let spool = try await site.status().spool
            #expect(try await entries(site, .settling).map(\.file) == ["A1-front-1.png"])
            #expect(spool.settling == 1)
            let hint = try #require(try await entries(site, .misnamed).first?.because)
            #expect(hint.contains("'A1-front-1.png'"), "\(hint)")
        }
    }

    /// A state with some of each.
    @Test func everyNumberOfStatusIsTheLengthOfAList() async throws {
        try await Site.with { site in
            // It holds what it may not replace, and keeps what it no longer wants for a day.
            let twist = Twist(
                limits: "{withdraw: 1%, replace: 1%, at_least: 1, per: 1d}", oldStays: "1d")
            try site.write(Channel.folder.profile(site, twist), as: .folder)
            try site.write(Channel.web.profile(site, Twist(oldStays: "1d")), as: .web)
            try site.drop(
                Site.usual + [
                    // Nobody approved it; no slot asks for it; not for every channel.
                    Source(sku: "A3", seed: 4, seq: nil),
                    Source(sku: "A4", view: "lifestyle", seed: 5),
                    Source(sku: "A5", seed: 6, rights: ["not_on: [web]"]),
                ])
            let bad = try site.home.write(Data("no picture".utf8), to: "aside/bad.png")
            try site.move(bad, to: site.home.path("spool/bad.png"))
            try site.start()
            try await site.settle()
            try site.drop(
                Source(sku: "A1", seed: 11, seq: 2), Source(sku: "A2", seed: 12, seq: 2))
            try await site.settle()
            let status = try await site.status()
            for channel in status.channels {
                try await compare(channel, site)
            }
            #expect(
                try await entries(site, .quarantined).count == status.spool.quarantined)
            #expect(status.spool.quarantined == 1)
            #expect(try await entries(site, .sources).count == status.spool.sources)
            #expect(try await entries(site, .rendering).count == status.render.waiting)
            #expect(try await entries(site, .uninspected).count == status.render.uninspected)
            // What status names is right when typed.
            let folder = try #require(status.channels.first { $0.name == "folder" })
            #expect(folder.deliveries[.held] == 1)
            let command = try #require(
                folder.reasons.first { $0.contains("sluice release folder --dry-run") })
            #expect(command.contains("1 change"))
            let dry = try await site.sluice("release", "folder", "--dry-run")
            #expect(dry.status == 0)
            let due = try await entries(site, .due, ["--channel", "folder"])
            #expect(due.count == 1)
            #expect(dry.output.contains(due[0].name ?? "-"))
            let released = try await site.sluice("release", "folder")
            #expect(released.output.contains("1 replacement"), "\(released.output)")
            #expect(released.output.contains(due[0].name ?? "-"), "\(released.output)")
        }
    }

    private func compare(_ channel: StatusAnswer.Channel, _ site: Site) async throws {
        let only = ["--channel", channel.name]
        for (state, number) in channel.deliveries.counts {
            let word = state.rawValue
            let kind = try #require(ListAnswer.Kind(rawValue: word))
            #expect(try await entries(site, kind, only).count == number, "\(channel.name) \(word)")
        }
        for (gate, number) in channel.gates where number > 0 {
            let list = try await entries(site, .refused, only + ["--gate", gate])
            #expect(list.count == number, "\(channel.name) \(gate)")
            #expect(list.allSatisfy { $0.state.rawValue == gate && $0.because?.isEmpty == false })
        }
        let unasked = try await entries(site, .notAskedFor, only)
        #expect(unasked.count == channel.gates["selection"] ?? 0)
    }

    @Test func whatIsAskedForWronglyIsSaidSo() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let because = ["--because", "x", "--config", site.configuration]
            for (words, answer) in [
                (["withdraw", "A1", "--view", "bakc"] + because, "did you mean 'back'?"),
                (["withdraw", "A1", "--view", "detail"] + because, "there is back, front"),
                (["withdraw", "A1", "--view", "back-2"] + because, "there is no 'back-2' of 'A1'"),
            ] {
                let run = try await site.run(words)
                #expect(run.status == 2 && run.output.contains(answer), "\(run.output)")
            }
            #expect(try site.tree(.folder).count == 3)
            for words in [
                ["live", "A11"], ["list", "live", "--sku", "A11"],
                ["why", "A1", "--channel", "wbe"],
                ["list", "live", "--channel", "wbe"], ["hold", "wbe"], ["release", "wbe"],
                ["forget", "wbe"], ["retry", "--channel", "wbe"], ["resume", "wbe"],
                ["receipt", "A1", "--channel", "wbe"], ["upcoming", "--channel", "wbe"],
            ] {
                let run = try await site.run(words + ["--config", site.configuration])
                #expect(run.status == 2, "\(words): \(run.output)")
                let near = words.contains("wbe") ? "web" : "A1"
                #expect(run.output.contains("did you mean '\(near)'?"), "\(words): \(run.output)")
            }
            let done = try await site.sluice("withdraw", "A1", "--view", "back", "--because", "x")
            #expect(done.status == 0 && done.output.contains("1 version of 'A1'"), "\(done.output)")
        }
    }

    /// One pause, one next command, the same in status and why.
    @Test func oneCommandEndsAPause() async throws {
        try await Site.with { site in
            let wrong = Twist(hostKeys: ["SHA256:" + String(repeating: "A", count: 43)])
            try site.write(Channel.sftp.profile(site, wrong), as: .sftp)
            try site.drop(Site.usual)
            try site.start()
            try await site.ready()
            try await site.wait(for: "the pause") {
                try await site.status().channels.first { $0.name == "sftp" }?.light == .red
            }
            let status = try await site.sluice("status").output
            let why = try await site.sluice("why", "A1", "--channel", "sftp").output
            #expect(status.contains("sluice resume sftp"), "\(status)")
            #expect(why.contains("sluice resume sftp"), "\(why)")
            #expect(!status.contains("sluice retry") && !why.contains("sluice retry"))
        }
    }
}
