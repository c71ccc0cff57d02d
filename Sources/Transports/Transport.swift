// The places renditions and feeds go: a folder, an HTTP, SFTP, FTP or S3 server, behind one
// protocol and one contract suite. Each has a folder here with its transport, its options and the
// reader of a profile's keys for them, and a line in `TransportRegistry`. A transport moves bytes and
// answers questions about final names; what to send, when to retry and what a failure means for
// others is Export's business.

package import Model

/// One place, as one channel uses it. `object` is always what the last `put` or `look` under that name
/// has said; nil where nothing was said. What only some can do (an order of pictures, attaching them to
/// a product) is a protocol of its own, which those keep besides this one.
package protocol Transport: Sendable {
    /// Puts the file under `name`, replacing what is there, so that the name never shows half of
    /// it. After an error the name may hold the old bytes, the new ones or (finish: direct) a part:
    /// ask `look`. Never reports success by itself: `look` is the confirmation.
    /// - Parameter object: what is there now, and is replaced; a place that numbers what it is given
    ///   would keep both.
    /// - Returns: what the other side calls it, where it says so.
    func put(
        _ file: Outgoing, as name: RemoteName, replacing object: RemoteObject?
    ) async throws(DeliveryError) -> RemoteObject?

    /// A separate question on the final name.
    func look(
        for file: Outgoing, as name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Presence

    /// Takes the name away; fine if it is not there. `isAbsent` proves it.
    func remove(_ name: RemoteName, object: RemoteObject?) async throws(DeliveryError)

    /// True when a separate question finds nothing under `name`.
    func isAbsent(
        _ name: RemoteName, object: RemoteObject?
    ) async throws(DeliveryError) -> Bool

    /// Removes temporary files that an earlier, killed attempt of ours left behind. Called once
    /// before the first transfer.
    func sweep() async throws(DeliveryError)

    /// Where the profile wants a marker for all that is sent: takes it away before the first file, and
    /// puts it there after the last.
    func markBatch(isWhole: Bool) async throws(DeliveryError)

    /// A channel that has refused files bears fewer sessions at work than its profile allows. Without a
    /// word as many as that.
    func bear(_ sessions: Int)

    /// Ends connections and threads. Transfers in hand fail with `.retry`, and are nobody's failure.
    func close() async
}

/// Can say whether the marker for all that was sent is there.
package protocol MarkingTransport: Transport {
    func hasBatchMarker() async throws(DeliveryError) -> Bool
}

extension Transport {
    package func markBatch(isWhole: Bool) async throws(DeliveryError) {}

    package func bear(_ sessions: Int) {}
}
