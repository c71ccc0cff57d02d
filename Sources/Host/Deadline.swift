/// A moment on the monotonic clock.
package struct Deadline: Sendable {
    private let at: ContinuousClock.Instant

    package init(seconds: Double) {
        at = ContinuousClock.now.advanced(by: .seconds(seconds))
    }

    /// Left until then, rounded up, 0 when it has passed; at most a minute, so that a wait in
    /// steps never overflows.
    package var milliseconds: Int32 {
        let left = at - ContinuousClock.now
        return left <= .zero ? 0 : Int32(min(60_000, (left / .milliseconds(1)).rounded(.up)))
    }
}
