private import Synchronization

/// Bytes in a second that all who share it send together: a token bucket that the read callbacks ask.
/// libcurl's own limit is of one transfer, and counts nothing before a buffer is full: pictures smaller
/// than a second's worth were not held back at all.
package final class Bandwidth: Sendable {
    private struct Bucket {
        var bytes: Double
        var at: ContinuousClock.Instant
        /// Senders at one time, at most.
        var sharers: Int
        /// Who got nothing, the first of them first: libcurl asks its transfers in the order in which they
        /// began, and the oldest would get everything.
        var waiting: [ObjectIdentifier] = []
    }

    package let bytesPerSecond: Int64
    private let bucket: Mutex<Bucket>

    package init(
        bytesPerSecond: Int64, sharers: Int = 1, at now: ContinuousClock.Instant = .now
    ) {
        self.bytesPerSecond = max(bytesPerSecond, 1)
        bucket = Mutex(
            Bucket(bytes: Double(max(bytesPerSecond / 10, 1)), at: now, sharers: max(sharers, 1)))
    }

    /// What each sender may count on.
    var share: Double { Double(bytesPerSecond) / Double(bucket.withLock(\.sharers)) }

    /// There are so many now, if they are more than before.
    package func expect(sharers: Int) {
        bucket.withLock { $0.sharers = max($0.sharers, sharers) }
    }

    /// What is given out at once: a tenth of a second's worth, so that a sender far away fills its line.
    private var portion: Int { max(Int(bytesPerSecond / 10), 1) }

    /// How many of the bytes that a sender wants it may send now. 0: none, it asks again after `wait`, or
    /// says that it does not.
    func take(
        _ wanted: Int, for sender: ObjectIdentifier, at now: ContinuousClock.Instant = .now
    ) -> Int {
        bucket.withLock { bucket in
            refill(&bucket, now)
            guard bucket.waiting.first ?? sender == sender,
                bucket.bytes >= Double(min(wanted, portion))
            else {
                if !bucket.waiting.contains(sender) { bucket.waiting.append(sender) }
                return 0
            }
            bucket.waiting.removeAll { $0 == sender }
            let most = bucket.waiting.isEmpty ? Int(bucket.bytes) : portion
            let given = min(wanted, most)
            bucket.bytes -= Double(given)
            return given
        }
    }

    /// It sends nothing any more.
    func leave(_ sender: ObjectIdentifier) {
        bucket.withLock { $0.waiting.removeAll { $0 == sender } }
    }

    /// Until there is a portion.
    package func wait(at now: ContinuousClock.Instant = .now) -> Duration {
        bucket.withLock { bucket in
            refill(&bucket, now)
            let lacks = max(Double(portion) - bucket.bytes, 0)
            return .seconds(lacks / Double(bytesPerSecond))
        }
    }

    /// What nobody took is kept for a second.
    private func refill(_ bucket: inout Bucket, _ now: ContinuousClock.Instant) {
        let more = Double(bytesPerSecond) * ((now - bucket.at) / .seconds(1))
        bucket.bytes = min(bucket.bytes + max(more, 0), Double(bytesPerSecond))
        bucket.at = max(now, bucket.at)
    }
}
