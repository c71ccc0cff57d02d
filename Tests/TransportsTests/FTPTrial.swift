import Model
import Support
import Testing
import Transports
import TransportsSupport

/// A file to be put on an FTP server.
protocol FTPTrial {
    var folder: TemporaryDirectory { get }
    var file: Outgoing { get }
    var name: RemoteName { get }
}

extension FTPTrial {
    func start(
        _ program: FTPServer.Program, _ protection: FTPServer.Protection = .explicit,
        _ extra: String = ""
    ) async throws -> FTPServer {
        let server = try await FTPServer.start(program, protection, extra)
        try folder.give(server)
        return server
    }

    func putError(_ options: FTPOptions) async throws -> DeliveryError {
        let transport = try make(options, in: folder)
        let error = await #expect(throws: DeliveryError.self) {
            try await transport.put(file, as: name)
        }
        await transport.close()
        return try #require(error)
    }
}
