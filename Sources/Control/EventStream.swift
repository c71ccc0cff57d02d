internal import Hummingbird
internal import Model
internal import NIOCore
internal import ServiceLifecycle

/// `GET /v1/events`: newline-delimited JSON for as long as the client listens and the daemon runs.
struct EventStream: Sendable {
    let operations: any Operations
    let after: Int64?

    func response(to request: Request) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                // A client that has hung up is noticed even when nothing happens that could be
                // written to it.
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await send(to: &writer)
                }
            })
    }

    private func send(to writer: inout any ResponseBodyWriter) async throws {
        let events = await operations.events(after: after)
        for await event in events.cancelOnGracefulShutdown() {
            try await writer.write(
                ByteBuffer(bytes: try Wire.encode(event) + [UInt8(ascii: "\n")]))
        }
        try Task.checkCancellation()
        try await writer.finish(nil)
    }
}
