import Foundation
import Model
import Support
import Testing
import Wire

/// A channel whose last step a person does: nothing is live there before they say so, and what must go is
/// red until they say that it is gone.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ByHand {
    private func folder(_ site: Site) async throws -> StatusAnswer.Channel {
        try #require(try await site.status().channels.first { $0.name == "folder" })
    }

    private func isMoved(_ site: Site) async throws -> Bool {
        try await folder(site).reasons.contains { $0.contains("its destination changed") }
    }

    private func manifest(_ site: Site, _ number: Int) -> [String] {
        let path = site.root(of: .folder) + "/manifest-000\(number).csv"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }.map {
            $0.split(separator: ",", omittingEmptySubsequences: false)[1...2]
                .joined(separator: " ")
        }
    }

    /// By all manifests that lie there.
    private func told(_ site: Site) -> [String] {
        (1...9).flatMap { manifest(site, $0) }.sorted()
    }

    private func write(_ site: Site) throws {
        let twist = Twist(deliver: [
            #"hand: {who: anna, say: "Upload what lies here, then: sluice done folder"}"#
        ])
        try site.write(Channel.folder.profile(site, twist), as: .folder)
    }

    @Test func picturesComeAndGoAsThePersonSays() async throws {
        try await Site.with { site in
            try write(site)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            // New: handed over, and live nowhere.
            #expect(told(site) == ["add A1-back-1.jpg", "add A1.jpg", "add A2.jpg"])
            var channel = try await folder(site)
            #expect(channel.light == .yellow && channel.deliveries[.live] == nil)
            #expect(channel.deliveries[.handedOver] == 3)
            #expect(channel.reasons.contains { $0.contains("3 files wait for anna since") })
            let why = try await site.sluice("why", "A2", "--channel", "folder").output
            #expect(why.contains("sluice done folder"), "\(why)")
            #expect(try await !site.sluice("live", "A2").output.contains("folder"))

            // Done, one first, and nobody is there to be asked.
            #expect(try await site.sluice("done", "folder", "A2").status == 64)
            #expect(try await site.sluice("done", "folder", "A2", "--yes").status == 0)
            try await site.settle()
            #expect(try site.state(.folder, "A2") == ["live"])
            #expect(try site.state(.folder, "A1") == ["handed", "handed"])
            #expect(try await site.sluice("done", "folder", "A1", "--yes").status == 0)
            try await site.settle()
            #expect(try site.tree(.folder).isEmpty, "nothing is to be done any more")
            #expect(try await site.status().verdict == .ok)
            let live = try await site.sluice("live", "A2").output
            #expect(live.contains("said by "), "\(live)")

            // Its successor takes its place.
            try site.drop(Source(sku: "A2", seed: 12, seq: 2))
            try await site.wait(for: "the successor to be told") {
                told(site) == ["replace A2.jpg"]
            }
            try await site.settle()
            #expect(try await site.sluice("done", "folder", "--yes").status == 0)
            try await site.settle()

            // The licence ends: red until somebody knows that it is gone.
            try await site.sluice("withdraw", "A2", "--because", "the licence ended")
            try await site.wait(for: "its end to be told") {
                told(site) == ["remove A2.jpg"]
            }
            try await site.settle()
            channel = try await folder(site)
            #expect(channel.light == .red)
            #expect(channel.reasons.contains { $0.contains("1 file must go") })
            let said = try await site.sluice(
                "attest", "folder", "A2", "--because", "their support has confirmed it")
            #expect(said.status == 0 && said.output.contains("1 file is gone"), "\(said.output)")
            try await site.settle()
            #expect(try await site.status().verdict == .ok)
            #expect(try site.tree(.folder).isEmpty)
            let receipt = try await site.sluice("receipt", "A2", "--json").output
            #expect(receipt.contains("their support has confirmed it"), "\(receipt)")
            #expect(try site.books.events("attested") == 1)
        }
    }

    @Test(arguments: ["send.put:2", "manifest.put", "remove.done"])
    func aCrashForgetsNobody(at step: String) async throws {
        try await Site.with { site in
            try write(site)
            try site.drop(Site.usual)
            if step != "remove.done" {
                try site.start(crashAt: step)
                #expect(await site.waitForEnd() != 0)
            }
            try site.start()
            try await site.settle()
            let added = ["add A1-back-1.jpg", "add A1.jpg", "add A2.jpg"]
            #expect(told(site) == added)
            if step == "remove.done" {
                await site.stop()
                try site.start(crashAt: step)
                try await site.ready()
                _ = try await site.sluice("withdraw", "A2", "--because", "stolen")
                #expect(await site.waitForEnd() != 0)
                try site.start()
            } else {
                try await site.sluice("withdraw", "A2", "--because", "stolen")
            }
            let rest = ["add A1-back-1.jpg", "add A1.jpg", "remove A2.jpg"]
            try await site.wait(for: "A2 to be told as to be taken down") {
                told(site) == rest
            }
            try await site.settle()
            #expect(try site.tree(.folder)["A2.jpg"] == nil)
            let list = try site.home.write("A1.jpg\nA1-back-1.jpg\nA2.jpg", to: "done.txt")
            let done = try await site.sluice("done", "folder", "--file", list, "--yes")
            #expect(done.status == 0, "\(done.output)")
            try await site.settle()
            #expect(try site.state(.folder, "A1") == ["live", "live"])
            #expect(try site.state(.folder, "A2") == [])
        }
    }

    /// Where a person brings something to, nobody looks: with that step taken out, or put in, nothing is taken
    /// for there, and nothing for gone.
    @Test func anotherLastStepIsAnotherPlace() async throws {
        try await Site.with { site in
            let byItself = Channel.folder.profile(site, Twist())
            try write(site)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try await site.sluice("done", "folder", "A2", "--yes").status == 0)
            try await site.sluice("withdraw", "A2", "--because", "the licence ended")
            try await site.wait(for: "its end to be told") { told(site).contains("remove A2.jpg") }
            try await site.settle()

            try site.write(byItself, as: .folder)
            let moved = try await site.sluice("reload").output
            #expect(moved.contains("held: its destination changed"), "\(moved)")
            try await site.settle()
            #expect(try site.state(.folder, "A1") == ["handed", "handed"])
            #expect(try site.state(.folder, "A2") == ["recalled"])

            // It was a mistake.
            try write(site)
            try await site.sluice("reload")
            try await site.settle()
            #expect(try await !isMoved(site))
            #expect(try site.state(.folder, "A2") == ["recalled"])

            // It is meant.
            try site.write(byItself, as: .folder)
            try await site.sluice("reload")
            let resumed = try await site.sluice("resume", "folder").output
            #expect(resumed.contains("1 file that must go is left at"), "\(resumed)")
            try await site.settle()
            #expect(try site.state(.folder, "A1") == ["live", "live"])
            #expect(try Set(site.tree(.folder).keys).isSuperset(of: ["A1.jpg", "A1-back-1.jpg"]))

            // And a person again: what lies there was brought nowhere.
            try write(site)
            try await site.sluice("reload")
            #expect(try await isMoved(site))
            #expect(try await site.sluice("resume", "folder").status == 0)
            try await site.settle()
            #expect(try site.state(.folder, "A1") == ["handed", "handed"])
        }
    }
}
