internal import Foundation
internal import Model
internal import Transports

/// What a channel's place does with a small file of ours, step by step.
struct Probe: Encodable, Sendable {
    struct Step: Encodable, Sendable {
        var step: String
        var passes: Bool
        var seconds: Double
        /// How it is known, or what is wrong and what to do.
        var says: String
    }

    var to: String
    /// `pictures`, `feed`
    var `for`: String
    var steps: [Step] = []
    /// The line to paste into the profile, where the server shows a key that is not pinned.
    var hostKeys: String?
    /// Whoever does the last step, which is not tried.
    var hand: String?
    /// What could not be taken away again.
    var leftBehind: String?

    var passes: Bool { steps.allSatisfy(\.passes) && leftBehind == nil }
}

/// Does with a place what the daemon does with it, on a name of its own. Never sweeps: a daemon may
/// be at work there.
struct Prober: Sendable {
    let means: TransportMeans

    func probe(_ destination: Destination, for purpose: String) async -> Probe {
        var probe = Probe(to: destination.address.description, for: purpose)
        probe.hand = destination.hand?.who
        let options = destination.options
        guard await showHostKey(options, &probe) else { return probe }
        let means = means
        let made = await step("credentials", &probe) { () async throws(DeliveryError) in
            let transport = try destination.makeTransport(means)
            let names =
                options.credentials.map { "'\($0)'" }
                + (options.passwordProgram.map { ["what '\($0)' prints"] } ?? [])
            return (
                transport, names.isEmpty ? "none are needed" : names.joined(separator: ", ")
            )
        }
        guard let transport = made else { return probe }
        await use(transport, &probe)
        await transport.close()
        return probe
    }

    /// For a profile that cannot be loaded because it pins none, too.
    /// - Returns: false where the place is not the one that is meant.
    func showHostKey(_ options: any TransportOptions, _ probe: inout Probe) async -> Bool {
        let timeouts = means.timeouts
        var attempt = Probe(to: probe.to, for: probe.for)
        let asked = await step("host key", &attempt) { () async throws(DeliveryError) in
            let shown = try await options.showHostKey(timeouts)
            return (shown, shown?.key ?? "")
        }
        guard let asked else {
            probe.steps += attempt.steps
            return false
        }
        guard let shown = asked else { return true }
        probe.steps += attempt.steps
        guard !shown.isPinned else { return true }
        probe.hostKeys = "host_keys: [\"\(shown.key)\"]"
        let pinned = shown.pins.isEmpty ? "none is pinned" : "another one is pinned"
        let last = probe.steps.count - 1
        probe.steps[last].passes = false
        probe.steps[last].says =
            "\(pinned), and nothing was sent; ask the server's operator whether this one is theirs"
        return false
    }

    // MARK: The file

    private func use(_ transport: any Transport, _ probe: inout Probe) async {
        let mark = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        guard let name = RemoteName(rawValue: "sluice-probe-\(mark).txt") else { return }
        let isFree = await step("login", &probe) { () async throws(DeliveryError) in
            let isFree = try await transport.isAbsent(name, object: nil)
            return (isFree, isFree ? "nothing lies under '\(name)'" : "'\(name)' is there already")
        }
        guard isFree == true else { return }
        let files: (first: Outgoing, second: Outgoing)
        do {
            files = (try draw("a"), try draw("bb"))
        } catch {
            probe.steps.append(
                .init(step: "put", passes: false, seconds: 0, says: "no temporary file: \(error)"))
            return
        }
        defer { for file in [files.first, files.second] { unlink(file.path) } }
        let first = await put(files.first, name, nil, transport, "put", &probe)
        var object = first.object
        if first.passes {
            let second = await put(files.second, name, object, transport, "replace", &probe)
            object = second.object ?? object
        }
        await clear(name, object, transport, &probe)
    }

    private func draw(_ seed: String) throws -> Outgoing {
        let text = Data("sluice probe: a file to try this place with; it may go. \(seed)\n".utf8)
        let path = NSTemporaryDirectory() + "/sluice-probe-\(UUID().uuidString)"
        try text.write(to: URL(filePath: path), options: .withoutOverwriting)
        return Outgoing(
            path: path, sha256: ContentHash.of(text), bytes: Int64(text.count),
            mediaType: "text/plain")
    }

    private func put(
        _ file: Outgoing, _ name: RemoteName, _ before: RemoteObject?, _ transport: any Transport,
        _ verb: String, _ probe: inout Probe
    ) async -> (passes: Bool, object: RemoteObject?) {
        let sent = await step(verb, &probe) { () async throws(DeliveryError) in
            (try await transport.put(file, as: name, replacing: before), "\(file.bytes) bytes")
        }
        guard let sent else { return (false, before) }
        let seen = await step("look", &probe) { () async throws(DeliveryError) in
            let seen = try await transport.look(for: file, as: name, object: sent)
            guard seen.confirmation != nil else {
                throw DeliveryError(
                    "after '\(verb)' it is not what was sent: \(seen)", remedy: .fixChannel)
            }
            return (seen, "\(seen)")
        }
        if case .confirmed(_, let object)? = seen { return (true, object ?? sent) }
        return (false, sent)
    }

    /// Whatever went wrong before: nothing stays.
    private func clear(
        _ name: RemoteName, _ object: RemoteObject?, _ transport: any Transport,
        _ probe: inout Probe
    ) async {
        let removed = await step("remove", &probe) { () async throws(DeliveryError) in
            try await transport.remove(name, object: object)
            return (true, "")
        }
        let absent = await step("gone", &probe) { () async throws(DeliveryError) in
            guard try await transport.isAbsent(name, object: object) else {
                throw DeliveryError("'\(name)' is still there", remedy: .fixChannel)
            }
            return (true, "a separate question finds nothing")
        }
        if removed == nil || absent == nil { probe.leftBehind = name.rawValue }
        if absent != nil { probe.leftBehind = nil }
    }

    /// - Returns: nil when it failed; the step says why.
    private func step<Value>(
        _ name: String, _ probe: inout Probe,
        _ body: () async throws(DeliveryError) -> (Value, String)
    ) async -> Value? {
        let start = ContinuousClock.now
        func note(_ passes: Bool, _ says: String, _ probe: inout Probe) {
            let took = (ContinuousClock.now - start).components
            let seconds = Double(took.seconds) + Double(took.attoseconds) / 1e18
            probe.steps.append(
                .init(
                    step: name, passes: passes, seconds: (seconds * 1000).rounded() / 1000,
                    says: says))
        }
        do throws(DeliveryError) {
            let (value, says) = try await body()
            note(true, says, &probe)
            return value
        } catch {
            note(false, error.message, &probe)
            return nil
        }
    }
}
