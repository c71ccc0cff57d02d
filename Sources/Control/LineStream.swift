internal import Foundation
internal import Hummingbird
internal import NIOCore

/// Newline-delimited JSON for as long as the client listens and the daemon runs.
struct LineStream: Sendable {
    let lines: @Sendable (_ write: (Data) async throws -> Void) async throws -> Void

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
        try await lines { line in
            try await writer.write(ByteBuffer(bytes: line + [UInt8(ascii: "\n")]))
        }
        try Task.checkCancellation()
        try await writer.finish(nil)
    }
}
