import Curl
import Foundation
import Model
import Support
import Testing

/// Servers that offer HTTP/2.
@Suite struct HTTP2Tests {
    private static let said =
        "add_header X-Says \"$server_protocol $connection\" always;"

    private let session = Session(name: "http/2 tests")
    private let folder: TemporaryDirectory
    private let data = Data((0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
    private let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = try folder.write(data, to: "file")
    }

    private func transfer(
        _ method: Transfer.Method, _ server: HTTPServer, _ name: String
    ) -> Transfer {
        var transfer = Transfer(method, server.url + name)
        transfer.allowPrivate = true
        if let pin = server.certificate?.pin { transfer.tls.pins = [pin] }
        return transfer
    }

    private func put(_ server: HTTPServer, _ name: String) -> Transfer {
        var put = transfer(.put, server, name)
        put.body = .file(path: path, bytes: Int64(data.count), sha256: .of(data))
        return put
    }

    /// What the server says of the connection that each of many came by.
    private func putMany(_ server: HTTPServer) async throws -> Set<String> {
        try await withThrowingTaskGroup(of: Response.self) { group in
            for number in 0..<60 {
                group.addTask { try await session.perform(put(server, "\(number).jpg")) }
            }
            return try await group.reduce(into: Set()) { seen, response in
                #expect(response.status == 201 && response.uploaded == Int64(data.count))
                #expect(response.effectiveMethod == "PUT")
                seen.insert(response.headers["x-says"] ?? "")
            }
        }
    }

    @Test func whoOffersItIsSpokenToInIt() async throws {
        let server = try await HTTPServer.start(Self.said, tls: true, http2: true)
        let seen = try await putMany(server)
        #expect(seen.allSatisfy { $0.hasPrefix("HTTP/2.0 ") }, "\(seen)")
        for number in 0..<60 {
            #expect(FileManager.default.contents(atPath: "\(server.root)/\(number).jpg") == data)
        }
        await server.stop()
    }

    /// Never by asking for an upgrade.
    @Test func whoDoesNotIsSpokenToInTheOldOne() async throws {
        for isEncrypted in [true, false] {
            let server = try await HTTPServer.start(Self.said, tls: isEncrypted)
            let seen = try await putMany(server)
            #expect(seen.allSatisfy { $0.hasPrefix("HTTP/1.1 ") }, "\(seen)")
            await server.stop()
        }
    }

    /// A refusal before the end of what is sent is heard, and takes none of the others with it.
    @Test(arguments: [150_000, 3_000_000])
    func oneIsRefusedAndTheOthersArrive(bytes: Int) async throws {
        let data = Data((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        let path = try folder.write(data, to: "refused")
        let server = try await HTTPServer.start(
            Self.said + "location /small/ { client_max_body_size 1k; }", tls: true, http2: true)
        try await withThrowingTaskGroup(of: (Bool, Int).self) { group in
            for number in 0..<40 {
                let isRefused = number % 4 == 0
                var put = put(server, (isRefused ? "small/" : "") + "\(number).jpg")
                put.body = .file(path: path, bytes: Int64(data.count), sha256: .of(data))
                group.addTask {
                    do throws(CurlFailure) {
                        return (isRefused, try await session.perform(put).status)
                    } catch {
                        return (isRefused, error.httpStatus)
                    }
                }
            }
            for try await (isRefused, status) in group {
                #expect(status == (isRefused ? 413 : 201))
            }
        }
        await server.stop()
    }
}
