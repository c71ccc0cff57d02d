import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

/// What every transport promises, asked of one whose other side the test can see.
struct TransportContract {
    let transport: any Transport
    let farSide: any FarSide
    private let folder: TemporaryDirectory

    /// - Parameter root: where the names appear on this machine.
    init(_ transport: any Transport, root: String) throws {
        try self.init(transport, Directory(root: root))
    }

    init(_ transport: any Transport, _ farSide: any FarSide) throws {
        self.transport = transport
        self.farSide = farSide
        folder = try TemporaryDirectory()
    }

    func run() async throws {
        try await putThenLook()
        try await replaceAndLookForTheOldOne()
        try await removeTwice()
        try await changedBehindOurBack()
        try await whatItIsCalled()
        try await folders()
        try await hostileNames()
        try await aChangedSource()
        try await aLargeFile()
        try await anEmptyFile()
        try await concurrentPuts()
        try await sweeping()
        try await strangers()
        #expect(try remains().isEmpty, "temporary files are left behind")
        await transport.close()
    }

    private func putThenLook() async throws {
        let (file, name) = try (outgoing("one"), remote("A1.front.jpg"))
        #expect(try await transport.look(for: file, as: name) == .absent)
        #expect(try await transport.isAbsent(name))
        try await transport.put(file, as: name)
        #expect(try stored(name) == Data("one".utf8))
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        #expect(try await !transport.isAbsent(name))
    }

    private func replaceAndLookForTheOldOne() async throws {
        let (old, new) = try (outgoing("one"), outgoing("a longer two"))
        let name = try remote("A1.front.jpg")
        try await transport.put(new, as: name)
        #expect(try stored(name) == Data("a longer two".utf8))
        #expect(try await transport.look(for: new, as: name).isConfirmed)
        guard case .different = try await transport.look(for: old, as: name) else {
            Issue.record("the old file is still said to be there")
            return
        }
        // The same bytes again change nothing.
        try await transport.put(new, as: name)
        #expect(try stored(name) == Data("a longer two".utf8))
    }

    private func removeTwice() async throws {
        let name = try remote("A1.front.jpg")
        try await transport.remove(name)
        #expect(try farSide.bytes(name.rawValue) == nil)
        #expect(try await transport.isAbsent(name))
        try await transport.remove(name)
    }

    /// Of the same length, which is all that most are asked for; and gone.
    private func changedBehindOurBack() async throws {
        var file = try outgoing("ours")
        let name = try remote("drift.jpg")
        try await transport.put(file, as: name)
        try farSide.write(Data("THEM".utf8), to: name.rawValue)
        file.isReadBack = true
        guard case .different = try await transport.look(for: file, as: name) else {
            Issue.record("other bytes of the same length are taken for ours")
            return
        }
        try farSide.write(nil, to: name.rawValue)
        #expect(try await transport.look(for: file, as: name) == .absent)
        #expect(try await transport.isAbsent(name))
    }

    /// Whatever `put` and `look` say is the way back to the thing, and it replaces itself.
    private func whatItIsCalled() async throws {
        let (one, two) = try (outgoing("one"), outgoing("two"))
        let name = try remote("called.jpg")
        let first = try await transport.put(one, as: name, replacing: nil)
        guard
            case .confirmed(_, let found) = try await transport.look(
                for: one, as: name, object: first)
        else {
            Issue.record("what was put is not found by what it is called")
            return
        }
        let second = try await transport.put(two, as: name, replacing: found ?? first)
        #expect(second?.id == first?.id, "it is another thing now, and the first is lost")
        #expect(try await transport.look(for: two, as: name, object: second).isConfirmed)
        try await transport.remove(name, object: second)
        #expect(try await transport.isAbsent(name, object: second))
        #expect(try farSide.bytes(name.rawValue) == nil)
        try await transport.remove(name, object: second)
    }

    private func folders() async throws {
        let (file, name) = try (outgoing("deep"), remote("a/b/c/deep.jpg"))
        #expect(try await transport.isAbsent(name))
        try await transport.remove(name)
        try await transport.put(file, as: name)
        #expect(try stored(name) == Data("deep".utf8))
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        try await transport.remove(name)
        #expect(try await transport.isAbsent(name))
    }

    /// The worst that the closed alphabet allows, and nothing else can become a name.
    private func hostileNames() async throws {
        let longest = String(repeating: "n", count: 120) + ".jpg"
        for text in ["_", "0-.-_.jpg", "A.jpg", "a.JPG", "rm.jpg", "x.tmp", longest] {
            let (file, name) = try (outgoing("bytes of \(text.prefix(9))"), remote(text))
            try await transport.put(file, as: name)
            #expect(try await transport.look(for: file, as: name).isConfirmed)
            #expect(try stored(name) == Data("bytes of \(text.prefix(9))".utf8))
            try await transport.remove(name)
        }
        for text in [
            "../x", "a/../x", ".x", "-x", "a b", "a\"b", "a\n", "%2e%2e/x", "é", "a//b", "",
        ] {
            #expect(RemoteName(rawValue: text) == nil)
        }
    }

    private func aChangedSource() async throws {
        for (bytes, measured) in [("forged", "honest"), ("short", "longer"), ("longer", "long")] {
            var file = try outgoing(bytes)
            file.sha256 = .of(Data(measured.utf8))
            file.bytes = Int64(measured.utf8.count)
            let name = try remote("changed-\(measured).jpg")
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(file, as: name)
            }
            #expect(error?.remedy == .fixInput)
            #expect(error?.message.contains("changed") == true)
            #expect(try await transport.isAbsent(name))
        }
    }

    private func aLargeFile() async throws {
        let data = Data(
            (0..<3_000_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) })
        let (file, name) = try (outgoing(data), remote("large.png"))
        try await transport.put(file, as: name)
        #expect(try stored(name) == data)
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        try await transport.remove(name)
    }

    private func anEmptyFile() async throws {
        let (file, name) = try (outgoing(""), remote("empty.done"))
        try await transport.put(file, as: name)
        #expect(try stored(name) == Data())
        #expect(try await transport.look(for: file, as: name).isConfirmed)
        try await transport.remove(name)
    }

    private func concurrentPuts() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                let file = try outgoing("picture \(number)")
                let name = try remote("many/\(number % 3)/\(number).jpg")
                group.addTask {
                    try await transport.put(file, as: name)
                    #expect(try await transport.look(for: file, as: name).isConfirmed)
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<12 {
            let name = try remote("many/\(number % 3)/\(number).jpg")
            #expect(try stored(name) == Data("picture \(number)".utf8))
            try await transport.remove(name)
        }
    }

    /// Only what an earlier process of ours left; nothing of other people's.
    private func sweeping() async throws {
        let others = [".sluice-not.jpg", "their.tmp"]
        for path in others { try farSide.write(Data(), to: path) }
        let ours = ".sluice-0123456789abcdef-dead-beef.tmp"
        // What is put there is whole or nothing, without another name.
        let isWhole = transport is HTTPTransport || transport is S3Transport
        if !isWhole { try farSide.write(Data("half".utf8), to: ours) }
        try await transport.sweep()
        #expect(try farSide.bytes(ours) == nil)
        for path in others {
            #expect(try farSide.bytes(path) != nil)
            try farSide.write(nil, to: path)
        }
    }

    /// In the channel's own folder and in one below; by name, whatever they are, and no more than are wanted.
    private func strangers() async throws {
        guard let transport = transport as? any ListingTransport else { return }
        let names = try (1...3).map { try remote("in/\($0).jpg") } + [try remote("known.jpg")]
        for name in names { try await transport.put(try outgoing("ours"), as: name) }
        for path in ["a.jpg", "b.jpg", ".hidden", "in/x.jpg"] {
            try farSide.write(Data("theirs".utf8), to: path)
        }
        func found(_ folder: String, most: Int = 100) async throws -> [String] {
            let known: Set = ["known.jpg", "1.jpg", "2.jpg", "3.jpg"]
            let search = StrangerSearch(
                folder, most: most, fits: { !$0.hasPrefix(".") && !$0.hasPrefix("their") },
                isKnown: known.contains)
            return try await transport.strangers(search).names.sorted()
        }
        #expect(try await found("") == ["a.jpg", "b.jpg", "in"])
        #expect(try await found("in/") == ["x.jpg"])
        #expect(try await found("nowhere/") == [])
        #expect(try await found("", most: 2).count == 2)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.strangers(
                StrangerSearch("", most: 9, fits: { _ in true }, isKnown: { _ in false }) { false })
        }
        #expect(error?.origin == .ended)
        for path in ["a.jpg", "b.jpg", ".hidden", "in/x.jpg"] {
            #expect(try farSide.bytes(path) == Data("theirs".utf8), "it was touched")
            try farSide.write(nil, to: path)
        }
        for name in names { try await transport.remove(name) }
    }

    private func remains() throws -> [String] {
        try farSide.paths().filter { $0.contains(".sluice-") }
    }

    private func stored(_ name: RemoteName) throws -> Data? { try farSide.bytes(name.rawValue) }

    private func outgoing(_ text: String) throws -> Outgoing { try outgoing(Data(text.utf8)) }

    private func outgoing(_ data: Data) throws -> Outgoing { try makeOutgoing(data, in: folder) }
}

func remote(_ text: String) throws -> RemoteName { try #require(RemoteName(rawValue: text)) }

func makeOutgoing(_ data: Data, in folder: TemporaryDirectory) throws -> Outgoing {
    let hash = ContentHash.of(data)
    let path = try folder.write(data, to: hash.rawValue)
    return Outgoing(path: path, sha256: hash, bytes: Int64(data.count), mediaType: "image/jpeg")
}

extension Presence {
    var isConfirmed: Bool { confirmation != nil }
}
