import Foundation
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
}
