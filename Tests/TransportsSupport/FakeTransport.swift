package import Foundation
package import Model
package import Transports

/// Keeps the contract with a remote in memory, as long as the remote's script lets it. It numbers what
/// it is given, so whoever loses a number is found out: it is asked for by its number where one is told.
package final class FakeTransport: ListingTransport, FetchingTransport, MarkingTransport {
    private let remote: FakeRemote
    private let path: String

    /// - Parameter path: of the names, ends in `/`.
    package init(_ remote: FakeRemote, path: String = "/") {
        self.remote = remote
        self.path = path
    }

    package func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject? {
        let act = try await begin(.put, name, object)
        guard var data = FileManager.default.contents(atPath: file.path),
            ContentHash.of(data) == file.sha256
        else { throw failure("put", name, "changed: '\(file.path)'", .fixInput) }
        var looks = 0
        switch act {
        case .lie: return object
        case .loseName:
            remote.strand(data)
            var lost = lost("put", name)
            lost.mayLie = true
            throw lost
        case .garble: data = Data(data.reversed()) + Data("?".utf8)
        case .processFor(let count): looks = count
        default: break
        }
        let made = remote.store(data, at: path + name.rawValue, replacing: object, looks: looks)
        if case .loseAnswer = act { throw lost("put", name) }
        return made
    }

    package func names(in folder: String) async throws(DeliveryError) -> [String]? { nil }

    package func fetch(_ path: String, limit: Int) async throws(DeliveryError) -> Data {
        guard let data = remote.files[path], data.count <= limit else {
            throw DeliveryError("cannot fetch '\(path)'", remedy: .retry(after: nil))
        }
        return data
    }

    package func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence {
        let act = try await begin(.look, name, object)
        if case .loseAnswer = act { throw lost("look for", name) }
        if case .process(let after) = act { return .processing(after: after) }
        return remote.read(path + name.rawValue) { found in
            guard let there = found, Self.isMeant(there, object) else { return .absent }
            guard there.looks == 0 else {
                found?.looks -= 1
                return .processing()
            }
            guard ContentHash.of(there.data) == file.sha256 else {
                return .different("\(there.data.count) other bytes")
            }
            return .confirmed(.hash, there.object)
        }
    }

    package func remove(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) {
        let act = try await begin(.remove, name, object)
        if case .lie = act { return }
        remote.read(path + name.rawValue) { found in
            if let there = found, Self.isMeant(there, object) { found = nil }
        }
        if case .loseAnswer = act { throw lost("remove", name) }
    }

    package func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool {
        let act = try await begin(.isAbsent, name, object)
        if case .loseAnswer = act { throw lost("look for", name) }
        if case .lie = act { return true }
        return remote.read(path + name.rawValue) { found in
            found.map { !Self.isMeant($0, object) } ?? true
        }
    }

    package func sweep() async throws(DeliveryError) {
        _ = try await begin(.sweep, nil, nil)
        remote.remove { $0.contains("/.sluice-") && $0.hasSuffix(".tmp") }
    }

    package func markBatch(isWhole: Bool) async throws(DeliveryError) {
        _ = try await begin(isWhole ? .mark : .unmark, nil, nil)
        remote.isMarked = isWhole
    }

    package func hasBatchMarker() async throws(DeliveryError) -> Bool {
        _ = try await begin(.lookForMark, nil, nil)
        return remote.isMarked
    }

    package func strangers(
        _ search: StrangerSearch
    ) async throws(DeliveryError) -> Strangers {
        _ = try await begin(.list, RemoteName(rawValue: search.folder + "_"), nil)
        guard search.goesOn() else {
            throw DeliveryError("it was ended", remedy: .retry(after: nil), origin: .ended)
        }
        let below = path + search.folder
        let leaves = remote.files.keys.filter { $0.hasPrefix(below) }
            .map { $0.dropFirst(below.count).prefix { $0 != "/" } }
        return Strangers(
            Set(leaves.map(String.init)).filter(search.finds).sorted().prefix(search.most).map(
                \.self))
    }

    package func close() async { remote.cut() }

    /// The name tells nothing where a number was told.
    private static func isMeant(_ file: FakeRemote.File, _ object: RemoteObject?) -> Bool {
        object?.id.map { $0 == file.object.id } ?? true
    }

    private func begin(
        _ verb: FakeRemote.Verb, _ name: RemoteName?, _ object: RemoteObject?
    ) async throws(DeliveryError) -> FakeRemote.Act {
        remote.note(FakeRemote.Call(verb: verb, name: name, object: object))
        let what = "\(verb.rawValue) '\(name?.rawValue ?? "")'"
        let act = try await remote.act(verb, on: what)
        if case .fail(let remedy, let why) = act {
            var refusal = failure(verb.rawValue, name, why, remedy)
            refusal.isRefusal = true
            throw refusal
        }
        return act
    }

    private func lost(_ verb: String, _ name: RemoteName) -> DeliveryError {
        failure(verb, name, "the answer was lost", .retry(after: nil))
    }

    private func failure(
        _ verb: String, _ name: RemoteName?, _ why: String, _ remedy: Remedy
    ) -> DeliveryError {
        DeliveryError("cannot \(verb) '\(name?.rawValue ?? "")' on a fake: \(why)", remedy: remedy)
    }
}
