import Foundation
import Model
import Profiles
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

    /// A recipe that its own channel's rules would refuse makes files for nothing.
    @Test func makesWhatTheRulesDemand() throws {
        for profile in try profiles() {
            for moment in [Date.distantPast] + profile.ruleDates {
                for rule in profile.rules(at: moment) where rule.of == .rendition {
                    for rendition in profile.renditions.values
                    where rule.renditions.isEmpty || rule.renditions.contains(rendition.name) {
                        let fault = fault(in: rendition.recipe, by: rule)
                        #expect(fault == nil, "\(rule.place): \(rendition.name): \(fault ?? "")")
                    }
                }
            }
        }
    }

    private func fault(in recipe: Recipe, by rule: Rule) -> String? {
        let most = recipe.size.max
        let ratio = Double(most.width) / Double(most.height)
        let faults: [(String, Bool)] = [
            ("formats", !rule.formats.isEmpty && !rule.formats.contains(recipe.format)),
            ("max_bytes", rule.maxBytes.map { (recipe.maxBytes ?? .max) > $0 } ?? false),
            ("min_bytes", rule.minBytes.map { (recipe.minBytes ?? 0) < $0 } ?? false),
            ("max_side", rule.maxSide.map { most.longSide > $0 } ?? false),
            ("max_pixels", rule.maxPixels.map { most.width * most.height > $0 } ?? false),
            ("min_side", rule.minSide.map { most.shortSide < $0 } ?? false),
            ("min_long_side", rule.minLongSide.map { most.longSide < $0 } ?? false),
            (
                "min_size",
                rule.minSize.map { most.width < $0.width || most.height < $0.height } ?? false
            ),
            (
                "aspect",
                rule.aspect.map { ratio < $0.min * 0.99 || ratio > $0.max * 1.01 } ?? false
            ),
            (
                "fill",
                rule.fill.map { demand in
                    recipe.fill.map { $0.min < demand.min || $0.max > demand.max } ?? true
                } ?? false
            ),
            ("keeps", !rule.keeps.allSatisfy(recipe.keep.contains)),
        ]
        return faults.first(where: \.1)?.0
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
