import Support
import Testing

/// Both services, started once for a suite: reading all that Python takes some seconds each time.
/// Every test keeps below a prefix of its own.
struct S3Servers: SuiteTrait, TestScoping {
    @TaskLocal private static var running: [S3Server.Kind: S3Server] = [:]

    static func server(_ kind: S3Server.Kind) throws -> S3Server {
        try #require(running[kind])
    }

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let moto = try await S3Server.start(.moto)
        let swift = try await S3Server.start(.swift)
        try await Self.$running.withValue([.moto: moto, .swift: swift], operation: function)
        await moto.stop()
        await swift.stop()
    }
}
