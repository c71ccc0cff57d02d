internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Wire

/// Answers as HTTP.
enum Replies {
    /// - Parameter document: a JSON document.
    static func json(_ document: Data, status: HTTPResponse.Status = .ok) -> Response {
        let body = ByteBuffer(bytes: document + [UInt8(ascii: "\n")])
        return Response(
            status: status,
            headers: [
                .contentType: "application/json", .contentLength: String(body.readableBytes),
            ],
            body: ResponseBody(byteBuffer: body))
    }

    static func error(_ error: OperationError) -> Response {
        let answer = ErrorAnswer(error: error.message, next: error.next)
        let status = HTTPResponse.Status(code: error.status)
        return (try? SocketFormat.encode(answer)).map { json($0, status: status) }
            ?? Response(status: status)
    }

    /// For whoever found no seat.
    static var busy: (head: HTTPResponse, body: ByteBuffer) {
        final(
            .serviceUnavailable,
            ErrorAnswer(
                error: "all seats at the socket that this account may take are taken",
                next: "try again in a moment; root and operators have seats of their own"))
    }

    static func malformed(_ error: any Error) -> (head: HTTPResponse, body: ByteBuffer) {
        final(.badRequest, ErrorAnswer(error: "this is not a request: \(error)"))
    }

    /// The last answer on its connection.
    private static func final(
        _ status: HTTPResponse.Status, _ answer: ErrorAnswer
    ) -> (head: HTTPResponse, body: ByteBuffer) {
        let body = ByteBuffer(bytes: (try? SocketFormat.encode(answer)) ?? Data())
        let head = HTTPResponse(
            status: status,
            headerFields: [
                .contentType: "application/json", .connection: "close",
                .contentLength: String(body.readableBytes),
            ])
        return (head, body)
    }
}
