private import Synchronization

/// Bytes in a second that all who share it send together: a token bucket that the read callbacks ask.
/// libcurl's own limit is of one transfer, and counts nothing before a buffer is full: pictures smaller
/// than a second's worth were not held back at all.
package final class Bandwidth: Sendable {
    package let bytesPerSecond: Int64
    /// Senders at one time, at most.
    private let sharers: Int64
    private let bucket: Mutex<(bytes: Double, at: ContinuousClock.Instant)>

    package init(
        bytesPerSecond: Int64, sharers: Int = 1, at now: ContinuousClock.Instant = .now
    ) {
        self.bytesPerSecond = max(bytesPerSecond, 1)
        self.sharers = Int64(max(sharers, 1))
        bucket = Mutex((Double(max(bytesPerSecond / 10, 1)), now))
    }

    /// What each sender may count on.
    var share: Double { Double(bytesPerSecond) / Double(sharers) }

    /// What is given out at once: a tenth of a second's worth, so that a sender far away fills its line.
    private var portion: Int { max(Int(bytesPerSecond / 10), 1) }

    /// How many of the bytes that one wants it may send now. 0: none, it asks again after `wait`.
    package func take(_ wanted: Int, at now: ContinuousClock.Instant = .now) -> Int {
        bucket.withLock { bucket in
            refill(&bucket, now)
            guard bucket.bytes >= Double(min(wanted, portion)) else { return 0 }
            let given = min(wanted, Int(bucket.bytes))
            bucket.bytes -= Double(given)
            return given
        }
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
    private func refill(
        _ bucket: inout (bytes: Double, at: ContinuousClock.Instant), _ now: ContinuousClock.Instant
    ) {
        let more = Double(bytesPerSecond) * ((now - bucket.at) / .seconds(1))
        bucket.bytes = min(bucket.bytes + max(more, 0), Double(bytesPerSecond))
        bucket.at = max(now, bucket.at)
    }
}
