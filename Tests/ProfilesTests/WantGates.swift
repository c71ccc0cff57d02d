import Foundation
import Model
import Profiles
import Testing

/// Which gate closes, where it points, and what stands in which position.
@Suite struct WantGates {
    private func gates(_ state: SKUState, _ profile: Profile) -> [Gate] {
        profile.want(state, at: Shop.now).first?.closed ?? []
    }

    @Test func aLicenceCoversAllOfTheMarket() throws {
        let profile = try Shop.profile()
        func closed(_ markets: [String]?, _ profile: Profile) -> String? {
            var version = Shop.version(1)
            version.rights.markets = markets
            return gates(Shop.state(version), profile).first?.message
        }
        #expect(closed(["EU"], profile) == nil)
        #expect(closed(nil, profile) == nil)
        #expect(closed(["DE", "CH"], profile) == "licensed for DE, CH, which leaves out AT")
        let everywhere = try Shop.profile(("market: [DE, AT]\n", ""))
        #expect(
            closed(["EU"], everywhere) == "licensed for EU only, and 'shop' names no market")
        let union = try Shop.profile(("[DE, AT]", "EEA"))
        #expect(closed(["EU"], union) == "licensed for EU, which leaves out IS, LI, NO")
    }

    @Test func pointsAtTheLineThatDemands() throws {
        let profile = try Shop.profile()
        var version = Shop.version(1)
        version.rights = Rights(markets: ["FR"], notOn: ["shop"])
        version.audience = "internal"
        var state = Shop.state(version)
        state.product = Product(sku: "A1", fields: ["status": "discontinued"])
        state.inspections[version.master] = Shop.inspection(400, 300)
        let gates = gates(state, profile)
        #expect(
            gates.map(\.kind) == [.selection, .selection, .rights, .rights, .source, .compliance])
        #expect(gates.map { $0.place?.line } == [4, 4, 3, nil, 11, 17])
        #expect(gates.last?.rule == "floor")
        #expect(
            gates[1].message == "the product's status is 'discontinued'; the channel takes active")
        #expect(gates.allSatisfy { !$0.turn.isEmpty })
    }

    @Test func aSKUThatCannotStandInANameHasAFilter() throws {
        func decision(_ sku: String, _ profile: Profile) -> Decision? {
            var version = Shop.version(1)
            version.asset.sku = sku
            var state = Shop.state(version)
            state.sku = sku
            return profile.want(state, at: Shop.now).first
        }
        let plain = try #require(decision("ABC/D", try Shop.profile())?.closed.first)
        #expect(plain.kind == .name)
        #expect(
            plain.next == "write '{sku|slug}' in that name in shop.yaml, then 'sluice reload'")
        let profile = try Shop.profile((#"{sku}.{ext}"#, "{sku|slug}.{ext}"))
        for (sku, name) in [
            ("ABC/D", "ABC-D"), ("AB 12", "AB-12"), ("GRÖSSE-1", "GROESSE-1"),
            ("GRO\u{308}SSE-1", "GROESSE-1"), ("4711#2", "4711-2"), ("Ärmel", "Aermel"),
            ("Crème brûlée", "Creme-brulee"), ("Łódź", "Lodz"), ("weiß", "weiss"),
            ("/a//b/", "a-b"), ("..x..y", "x.y"), ("A_1.b-2", "A_1.b-2"),
        ] {
            #expect(decision(sku, profile)?.wanted.first?.name.rawValue == "\(name).jpg", "\(sku)")
        }
        let nothing = try #require(decision("###", profile)?.closed.first)
        #expect(nothing.kind == .name)
        #expect(nothing.message == "'{sku|slug}': '###' has nothing that can stand in a name")
    }

    @Test func asksForTheProductRecord() throws {
        let profile = try Shop.profile((#"{sku}.{ext}"#, "{product.asin}.{ext}"))
        var state = Shop.state(Shop.version(1))
        #expect(
            gates(state, profile).map(\.message) == [
                "the name '{product.asin}.{ext}' needs a value in the product column 'asin', "
                    + "and there is none"
            ])
        state.product = nil
        #expect(
            gates(state, profile).allSatisfy { $0.message == "there is no product record for 'A1'" }
        )
        #expect(gates(state, profile).first?.kind == .metadata)
    }

    @Test func alterationsThatAreForbidden() throws {
        var profile = try Shop.profile()
        var found = PictureMetadata()
        found.constraints = ["AL-RET", "AL-DCL", "AL-MRG", "AL-FLP"]
        var version = Shop.version(1)
        version.rights = Rights().narrowed(by: [found], zone: .gmt)
        // Padding on white is none of them.
        #expect(gates(Shop.state(version), profile).isEmpty)
        let hero = try #require(profile.renditions["hero"])
        var recipe = hero.recipe
        recipe.whiten = Whitening(bound: 6)
        recipe.color = .gray
        profile.renditions["hero"] = Profile.Rendition(
            name: "hero", recipe: recipe, ring: nil, place: hero.place, places: hero.places)
        let closed = gates(Shop.state(version), profile)
        #expect(closed.map(\.kind) == [.rights, .rights])
        #expect(
            closed.map(\.message) == [
                "must not be retouched, and 'hero' whitens its background",
                "must not be recoloured, and 'hero' takes its colour away",
            ])
        #expect(closed.allSatisfy { $0.place != nil && $0.next?.contains("overrides") == true })
        version.rights = Rights(overridesEmbedded: true, because: "agreed")
            .narrowed(by: [found], zone: .gmt)
        #expect(gates(Shop.state(version), profile).isEmpty)
    }

    @Test func whatNobodyUnderstandsIsNoPermission() throws {
        let profile = try Shop.profile()
        var found = PictureMetadata()
        found.usableUntil = ["until revoked"]
        var version = Shop.version(1)
        version.rights = Rights().narrowed(by: [found], zone: .gmt)
        version.xmpFault = "the .xmp file cannot be read"
        let closed = gates(Shop.state(version), profile)
        #expect(closed.map(\.kind) == [.rights, .metadata])
        #expect(closed[0].message.contains("'until revoked'"))
        #expect(closed[1].message == "the .xmp file cannot be read")
    }

    @Test func saysWhoseDateItIs() throws {
        let profile = try Shop.profile()
        var found = PictureMetadata()
        found.usableUntil = ["2026-02-27"]
        var version = Shop.version(1)
        version.rights = Rights(until: Shop.date("2026-12-31"))
            .narrowed(by: [found], zone: profile.zone)
        let closed = gates(Shop.state(version), profile)
        #expect(
            closed.map(\.message) == ["rights ended with 2026-02-27, as the picture itself says"])
        #expect(
            profile.boundary(Shop.state(version), after: Shop.date("2026-02-01"))
                == (try Date("2026-02-27T23:00:00Z", strategy: .iso8601)))
    }

    @Test func noCropMeetsCover() throws {
        var version = Shop.version(1)
        version.rights.noCrop = true
        #expect(gates(Shop.state(version), try Shop.profile()).isEmpty)
        let cover = try Shop.profile(("fit: pad", "fit: cover"))
        #expect(gates(Shop.state(version), cover).map(\.place?.line) == [12])
    }

    @Test func aNameStaysInItsAlphabet() throws {
        let profile = try Shop.profile((#"{sku}.{ext}"#, "{season}.{ext}"))
        for season in ["a/b", "a b", "ä", "..", "-x", String(repeating: "x", count: 250)] {
            var version = Shop.version(1)
            version.season = season
            #expect(gates(Shop.state(version), profile).map(\.kind) == [.name])
        }
    }

    @Test func unusableAndUninspectedMasters() throws {
        let profile = try Shop.profile()
        var state = Shop.state(Shop.version(1))
        state.inspections = [:]
        #expect(gates(state, profile).map(\.turn) == ["sluice"])
        state.unusable[Shop.master(1)] = "cut off after 12 bytes"
        #expect(gates(state, profile).map(\.message) == ["cut off after 12 bytes"])
    }

    @Test func rulesBeginAndEnd() throws {
        let profile = try Shop.profile()
        var state = Shop.state(Shop.version(1))
        state.inspections[Shop.master(1)] = Shop.inspection(550, 550)
        func rules(_ day: String) -> [String?] {
            profile.want(state, at: Shop.date(day)).first?.closed.map(\.rule) ?? []
        }
        #expect(rules("2026-05-31") == [])
        #expect(rules("2026-06-01") == ["floor"])
        #expect(rules("2026-08-15") == ["sharp", "floor"])
        #expect(rules("2026-09-01") == ["floor"])
    }

    @Test func positionsAreRanksOfWhatIsPresent() throws {
        let profile = try Shop.profile()
        var state = Shop.state(
            Shop.version(1, "detail", number: 2), Shop.version(2, "detail"),
            Shop.version(3, "back"),
            Shop.version(4), Shop.version(5, "lifestyle"))
        func names() -> [String: String] {
            profile.want(state, at: Shop.now).reduce(into: [:]) { names, decision in
                names[decision.asset.viewText] =
                    decision.wanted.first?.name.rawValue ?? decision.closed.first?.message
            }
        }
        #expect(
            names() == [
                "front": "A1.jpg", "back": "A1-01.jpg", "detail": "A1-02.jpg",
                "detail-2": "slot 'more' takes at most 2, and this would be number 3",
                "lifestyle": "no slot of 'shop' takes view 'lifestyle'",
            ])
        state.versions.removeAll { $0.id == 3 }
        #expect(names()["detail"] == "A1-01.jpg")
        #expect(names()["detail-2"] == "A1-02.jpg")
    }

    @Test func aRequiredSlotIsMissed() throws {
        let profile = try Shop.profile()
        let decisions = profile.want(Shop.state(Shop.version(1, "back")), at: Shop.now)
        #expect(decisions.map(\.asset.view) == ["back", "front"])
        #expect(decisions.last?.kinds == [.metadata])
        #expect(decisions.last?.closed.first?.turn == "studio")
        // Nobody waits for a picture of what the channel does not sell.
        var state = Shop.state()
        state.product = Product(sku: "A1", fields: ["status": "discontinued"])
        #expect(profile.want(state, at: Shop.now).isEmpty)
    }

    @Test func verdictsComeFromMeasurements() throws {
        let profile = try Shop.profile()
        func gates(_ receipt: Receipt, _ day: String = "2026-03-01") -> [String] {
            profile.verdict(on: receipt, rendition: "hero", at: Shop.date(day)).map { gate in
                "\(gate.place?.line ?? 0) \(gate.rule ?? "-")"
            }
        }
        #expect(gates(Shop.receipt()) == [])
        #expect(gates(Shop.receipt(worst: 2)) == [])
        #expect(gates(Shop.receipt(worst: 3)) == ["13 -"])
        #expect(gates(Shop.receipt(bytes: 1_000_001)) == ["15 -"])
        #expect(gates(Shop.receipt(1001)) == ["11 -"])
        #expect(gates(Shop.receipt(499)) == ["11 -", "17 floor"])
        #expect(gates(Shop.receipt(700)) == [])
        #expect(gates(Shop.receipt(700), "2026-06-01") == ["18 floor"])
        var odd = Shop.receipt()
        odd.format = .png
        odd.space = "cmyk"
        odd.bands = 4
        odd.rings = []
        #expect(gates(odd) == ["14 -", "11 -", "13 -", "13 -"])
    }
}
