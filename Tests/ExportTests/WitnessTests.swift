import Foundation
import Model
import Testing
import TransportsSupport

@testable import Bookkeeping
@testable import Export

/// That a file is absent proves something only where it lay: when a removal is tried again, it may be
/// another place that answers.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WitnessTests {
    /// The server was busy, and then another one answers for it, which has nothing: all that was there must
    /// go, so that no other file can witness that this is the place.
    @Test func aRefusedRemovalProvesNothingLater() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            stall.remote.next(
                .remove, .fail(.retry(after: nil), "503: busy"),
                .fail(.retry(after: nil), "503: busy"))
            for sku in ["S1", "S2"] { try await stall.drop(sku) }
            await stall.quiet()
            for path in ["/S1.jpg", "/S2.jpg"] { stall.remote.set(path, nil) }
            await stall.pass(3600)
            #expect(try await stall.states() == ["remove": 2])
            let hold = try await stall.ledger.channel("shop")?.held
            #expect(hold?.contains("lacks what was sent there") == true, "\(hold ?? "none")")
        }
    }

    /// All that was there must go, and of each removal the answer is lost: taken away or never there, the
    /// place looks the same. What is sent there afterwards is no witness.
    @Test func aLostAnswerProvesNothingWithoutAWitness() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            stall.remote.next(.remove, .loseAnswer, .loseAnswer)
            for sku in ["S1", "S2"] { try await stall.drop(sku) }
            await stall.quiet()
            await stall.pass(60)
            try await stall.ready(1)
            await stall.pass(3600)
            #expect(try await stall.states() == ["live": 1, "remove": 2])
            let error = try #require(try await stall.row("S1")?.error)
            #expect(error.contains("sluice attest shop S1.jpg"), "\(error)")
            #expect(try await stall.ledger.channel("shop")?.held == nil)
            let said = try await stall.ledger.attest(
                channel: "shop", items: nil, because: "looked there", by: "anna")
            #expect(said.gone == 2)
        }
    }

    /// The same, and what is tried again is there: it was taken away here, before our eyes.
    @Test func whatIsStillThereIsItsOwnWitness() async throws {
        try await Stall.open { stall in
            try await stall.ready(1)
            stall.remote.next(.remove, .lie, .fail(.retry(after: nil), "500"))
            try await stall.drop("S1")
            await stall.pass(3600)
            #expect(try await stall.states() == [:])
        }
    }

    @Test func whatLayBesideItIsAWitness() async throws {
        try await Stall.open { stall in
            try await stall.ready(2)
            stall.remote.next(.remove, .loseAnswer)
            try await stall.drop("S1")
            await stall.pass(3600)
            #expect(try await stall.states() == ["live": 1])
        }
    }

    /// A ledger that was brought back asks for everything anew: what it finds has lain there since before.
    @Test func whatIsFoundIsAWitnessAndWhatIsSentIsNone() async throws {
        for isThere in [true, false] {
            try await Stall.open { stall in
                try await stall.ready(2)
                await stall.pass(60)
                let ledger = stall.ledger
                try await ledger.hold(channel: "shop", because: "restored", everything: true)
                try await ledger.write("restore") { database in
                    try database.run(
                        "UPDATE delivery SET \(DeliveryMove.doubted.moves), touched = 1")
                }
                stall.remote.set("/S1.jpg", nil)
                if !isThere { stall.remote.set("/S2.jpg", nil) }
                try await stall.drop("S1")
                await stall.pass(60)
                try await ledger.resume(channel: "shop", elsewhere: false, by: "anna")
                stall.signals.wake(channel: "shop")
                await stall.pass(3600)
                let left = try await stall.states()
                #expect(left == (isThere ? ["live": 1] : ["live": 1, "remove": 1]), "\(isThere)")
            }
        }
    }

    /// What was sent into an empty place since the snapshot is found again after it was brought back, and is
    /// another version than the snapshot says lay there.
    @Test func whatTheSnapshotDoesNotKnowIsNoWitness() async throws {
        try await Stall.open { stall in
            let ledger = stall.ledger
            try await stall.ready(2)
            await stall.pass(60)
            try await ledger.hold(channel: "shop", because: "restored", everything: true)
            try await ledger.write("restore") { database in
                try database.run("UPDATE delivery SET \(DeliveryMove.doubted.moves), touched = 1")
                // As though the bytes that are wanted, and are there, were others than the held ones.
                try database.run(
                    "UPDATE delivery SET held_key = replace(held_key, substr(held_key, 1, 4), 'ffff') WHERE sku = 'S2'"
                )
            }
            stall.remote.set("/S1.jpg", nil)
            try await stall.drop("S1")
            await stall.pass(60)
            try await ledger.resume(channel: "shop", elsewhere: false, by: "anna")
            stall.signals.wake(channel: "shop")
            await stall.pass(3600)
            #expect(try await stall.states() == ["live": 1, "remove": 1])
        }
    }

    /// It may be there since the ledger was lost: an empty place says nothing of that.
    @Test func whatIsLookedForIsNotProvenGoneByAnEmptyPlace() async throws {
        for isThere in [true, false] {
            try await Stall.open { stall in
                let ledger = stall.ledger
                try await stall.ready(1)
                try await ledger.hold(channel: "shop", because: "lost", everything: true)
                try await ledger.write("seek") { database in
                    try database.run(
                        """
                        UPDATE delivery SET state = 'remove', urgent = 1, touched = 1, held_key = NULL,
                            held_sha256 = NULL, held_version = NULL
                        """)
                    try database.run(
                        "INSERT INTO sought SELECT channel, version, folded FROM delivery")
                }
                if !isThere { stall.remote.set("/S1.jpg", nil) }
                try await ledger.resume(channel: "shop", elsewhere: false, by: "anna")
                stall.signals.wake(channel: "shop")
                await stall.pass(3600)
                #expect(try await stall.states() == (isThere ? [:] : ["remove": 1]), "\(isThere)")
            }
        }
    }
}
