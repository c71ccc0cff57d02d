import Foundation
import Host
import Model
import Support
import Testing
import Wire

/// From the spool to three channels and a feed, and nothing twice.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HappyPath {
    @Test func approvedPicturesAreLiveOnEveryChannelAndInTheFeed() async throws {
        try await Site.with { site in
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            #expect(try site.tree(.folder).keys.sorted() == ["A1-back-1.jpg", "A1.jpg", "A2.jpg"])
            #expect(try site.tree(.web).count == 3)
            #expect(try site.tree(.sftp).count == 3)
            #expect(try site.feedIDs() == ["A1", "A2"])
            #expect(try site.feedImages().count == 3)
            try await Oracle(site).check()
            #expect(try await site.status().verdict == .ok)
            #expect(await site.stop() == 0)
            try await Oracle(site).check("after the stop")
        }
    }

    /// With `{hash}/` in its name a picture has its address for as long as it is that picture.
    @Test func aPicturesAddressStaysWhileThePictureDoes() async throws {
        try await Site.with { site in
            try site.write(
                Channel.web.profile(site).replacing("{hash}-", with: "{hash}/"), as: .web)
            try site.drop(Site.usual)
            try site.start()
            try await site.settle()
            let first = try site.feedImages()
            #expect(first.count == 3)
            for name in first {
                #expect(name.wholeMatch(of: /[0-9a-f]{16}\/A[12](-1)?\.jpg/) != nil, "\(name)")
            }
            // Another edition.
            try site.writeProducts(["A1", "A2"], price: "13.00 EUR")
            try await site.wait(for: "the new price") {
                try String(contentsOfFile: site.feedPath, encoding: .utf8).contains("13.00 EUR")
            }
            #expect(try site.feedImages() == first)
            // Another picture.
            try site.drop(Source(sku: "A1", seed: 11, seq: 2))
            try await site.settle()
            let second = try site.feedImages()
            #expect(second.intersection(first).count == 2 && second.count == 3)
            for name in second { #expect(Files.exists("\(site.root(of: .web))/\(name)")) }
        }
    }
}
