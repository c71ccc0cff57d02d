import Foundation
import Model
import Testing
import Wire

/// Words that stand on the socket, also those of a newer daemon.
@Suite struct StateTests {
    private func through<Value: Codable>(_ value: Value) throws -> (Value, String) {
        let data = try SocketFormat.encode(value)
        return (
            try SocketFormat.decode(Value.self, from: data), String(decoding: data, as: UTF8.self)
        )
    }

    @Test(arguments: [
        (ItemState.live, "live"), (.notAskedFor, "not asked for"),
        (.waitsForApproval, "waits for approval"), (.setAside, "set aside"),
        (.notLookedInto, "not looked into yet"), (.gate(.compliance), "compliance"),
        (.other("on its way by ship"), "on its way by ship"),
    ])
    func anItemsStateKeepsItsWord(_ state: ItemState, _ word: String) throws {
        let (back, text) = try through(state)
        #expect(back == state && text == "\"\(word)\"")
    }

    @Test func whatIsTakenDownIsAStateAndNoGate() {
        #expect(ItemState(rawValue: "withdrawn") == .withdrawn)
    }

    @Test(arguments: ["draft", "live", "retired", "off", "asleep"])
    func aChannelsStateKeepsItsWord(_ word: String) throws {
        let state = ChannelState(rawValue: word)
        #expect(try through(state).1 == "\"\(word)\"")
        // By its case: two are equal where their words are.
        let isUnknown = if case .other = state { true } else { false }
        #expect(isUnknown == (word == "asleep"))
    }

    @Test func whatIsUnheardOfIsNotFine() throws {
        let data = Data(#""panic""#.utf8)
        #expect(try SocketFormat.decode(Verdict.self, from: data) == .stuck)
        #expect(try SocketFormat.decode(Light.self, from: data) == .red)
        #expect(try through(Verdict.attention).1 == #""attention""#)
    }

    @Test func aTallysWordsAreNames() throws {
        let (back, text) = try through([
            "some_key": Tally<ItemState>([.live: 2, .other("so_called"): 1, .setAside: 3])
        ])
        #expect(text == #"{"some_key":{"live":2,"set aside":3,"so_called":1}}"#)
        #expect(back["some_key"]?[.other("so_called")] == 1)
        #expect(back["some_key"]?[.stuck, default: 0] == 0)
    }
}
