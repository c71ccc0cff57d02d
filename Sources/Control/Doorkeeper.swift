internal import Foundation
internal import NIOCore

/// Goes on letting people in when the descriptors run out. Hummingbird's server ends on the first
/// failing accept; and who cannot be let in must not wait either, or the listener never sleeps. A
/// descriptor is kept back to take them by the hand and turn them away.
final class Doorkeeper: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let passing = [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED]
    /// Turned away at a time, before others on this loop have their turn.
    private static let most = 256

    private var spare = Doorkeeper.keepBack()

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError, Self.passing.contains(failure.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        _ = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: CInt.self) {
            turnAway(at: $0)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        close(spare)
        spare = -1
    }

    private func turnAway(at listener: CInt) {
        for _ in 1...Self.most {
            close(spare)
            let guest = accept(listener, nil, nil)
            if guest >= 0 { close(guest) }
            spare = Self.keepBack()
            if guest < 0 { break }
        }
    }

    private static func keepBack() -> CInt { open("/dev/null", O_RDONLY | O_CLOEXEC) }
}

@available(*, unavailable)
extension Doorkeeper: Sendable {}
