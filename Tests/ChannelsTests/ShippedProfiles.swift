import Channels
import Foundation
import Model
import Testing

@Suite struct ShippedProfiles {
    private func profiles() throws -> [Profile] {
        try Loader.loadDirectory(Samples.channels, vocabulary: .sample).map { file, result in
            try result.get()
        }
    }

    @Test func allLoadAndPassTheirOwnTests() throws {
        let profiles = try profiles()
        #expect(
            profiles.map(\.channel) == [
                "allegro", "amazon", "bol", "ebay", "email", "etsy", "google-shopping",
                "instagram", "marketplace", "meta-catalog", "otto", "pinterest", "print",
                "shopify", "tiktok-shop", "walmart", "webshop", "zalando",
            ])
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        for profile in profiles {
            let results = profile.runTests(at: now)
            #expect(results.count >= 3)
            let used = Set(profile.slots.map(\.rendition))
            #expect(used == Set(profile.renditions.keys), "\(profile.channel)")
            #expect(profile.rules.allSatisfy { !$0.source.isEmpty }, "\(profile.channel)")
            for result in results {
                #expect(
                    result.failure == nil,
                    "\(result.place): \(result.title): \(result.failure ?? "")")
            }
        }
    }

    @Test func wouldLoadLive() throws {
        let library = try Samples.shipped()
        for (name, text) in library {
            let live = text.replacing("state: draft", with: "state: live")
            let result = Loader.load(
                text: live, file: name, library: library, vocabulary: .sample)
            #expect(throws: Never.self) { try result.get() }
        }
    }

    @Test func aFailingTestSaysWhere() throws {
        let text = try #require(try Samples.shipped()["amazon"])
            .replacing("name: B00EXAMPLE.PT01.jpg", with: "name: B00EXAMPLE.PT02.jpg")
        let profile = try Loader.load(text: text, file: "a.yaml", vocabulary: .sample).get()
        let failed = profile.runTests(at: .now).filter { $0.failure != nil }
        #expect(failed.count == 1)
        #expect(
            failed.first?.failure
                == "expected the name 'B00EXAMPLE.PT02.jpg', not 'B00EXAMPLE.PT01.jpg'")
        #expect(failed.first?.place.file == "a.yaml")
    }
}
