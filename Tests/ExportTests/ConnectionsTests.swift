import Foundation
import Host
import Model
import Profiles
import Support
import Synchronization
import Testing
import Transports
import TransportsSupport

@testable import Export

/// When a connection is used again, and when another is made.
@Suite struct ConnectionsTests {
    private let fake = FakeReader()
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func destination(_ deliver: String) throws -> Destination {
        let text = Stall.text.replacing(
            "deliver: {to: \"fake://shop/\", sessions: 4, old_stays: 1d}",
            with: "deliver: {\(deliver)}")
        let vocabulary = Vocabulary(
            views: [(name: "front", aliases: [])], zone: .gmt,
            transports: TransportRegistry([fake]))
        let profile = try Loader.load(text: text, file: "shop.yaml", vocabulary: vocabulary).get()
        return try #require(profile.destination)
    }

    private func connections() -> Connections {
        Connections(
            means: TransportMeans(
                credentials: Credentials(directory: directory.path), clock: .system))
    }

    private func isSame(_ one: any Transport, _ other: any Transport) -> Bool {
        (one as AnyObject) === (other as AnyObject)
    }

    @Test func oneIsUsedAgainUntilItsAddressChanges() async throws {
        let connections = connections()
        let first = try await connections.transport("shop", destination("to: \"fake://shop/a/\""))
        let again = try await connections.transport("shop", destination("to: \"fake://shop/a/\""))
        #expect(isSame(first, again))
        let elsewhere = try await connections.transport(
            "shop", destination("to: \"fake://shop/b/\""))
        #expect(!isSame(first, elsewhere))
        // Swept once each, before anything is sent there.
        #expect(fake.remote("shop").calls.count { $0.verb == .sweep } == 2)
    }

    @Test func moreSessionsAreAnotherAndAnotherRateIsNot() async throws {
        let connections = connections()
        let one = try await connections.transport("shop", destination("to: \"fake://shop/\""))
        let faster = try destination("to: \"fake://shop/\", rate: 5/min")
        #expect(isSame(one, try await connections.transport("shop", faster)))
        let wider = try destination("to: \"fake://shop/\", sessions: 9")
        #expect(!isSame(one, try await connections.transport("shop", wider)))
    }

    @Test func aChannelAndItsFeedHaveTheirOwn() async throws {
        let connections = connections()
        let place = try destination("to: \"fake://shop/\"")
        let one = try await connections.transport("shop", place)
        let other = try await connections.transport("shop", for: .feed, place)
        #expect(!isSame(one, other))
    }

    @Test func picturesAndFeedShareOneBandwidthToOneServer() async throws {
        let connections = connections()
        let place = try destination("to: \"fake://shop/\", bandwidth: 1MB/s")
        _ = try await connections.transport("shop", place)
        _ = try await connections.transport("shop", for: .feed, place)
        _ = try await connections.transport("other", place)
        let given = fake.remote("shop").bandwidths
        #expect(given.count == 3 && given[0] != nil)
        #expect(given[0] === given[1] && given[0] !== given[2])
    }

    @Test func aCredentialThatChangesMakesAnother() async throws {
        try directory.write("one", to: "secret")
        let connections = connections()
        let place = try destination(
            "to: \"fake://shop/\", user: u, password: \"credential:secret\"")
        let first = try await connections.transport("shop", place)
        try directory.write("another", to: "secret")
        #expect(!isSame(first, try await connections.transport("shop", place)))
        try FileManager.default.removeItem(atPath: directory.path("secret"))
        await #expect(throws: DeliveryError.self) {
            _ = try await connections.transport("shop", place)
        }
    }

    @Test func aPlaceThatCannotBeSweptIsNotUsed() async throws {
        let connections = connections()
        fake.remote("shop").next(.sweep, .fail(.fixChannel, "no such directory"))
        let place = try destination("to: \"fake://shop/\"")
        await #expect(throws: DeliveryError.self) {
            _ = try await connections.transport("shop", place)
        }
        _ = try await connections.transport("shop", place)
    }
}
