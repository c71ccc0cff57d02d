import Foundation
import Model
import Support
import Testing

@testable import Curl

@Suite struct BandwidthTests {
    private final class Sender {}

    private let start = ContinuousClock.now
    private let senders = (0..<4).map { _ in Sender() }

    private func take(
        _ wanted: Int, _ sender: Int = 0, of bandwidth: Bandwidth, after milliseconds: Int = 0
    ) -> Int {
        bandwidth.take(
            wanted, for: ObjectIdentifier(senders[sender]), at: start + .milliseconds(milliseconds))
    }

    @Test func aSecondGivesNoMoreThanIsAllowedHoweverManyAsk() {
        let bandwidth = Bandwidth(bytesPerSecond: 100_000, sharers: 4, at: start)
        var given = 0
        for millisecond in 0..<10_000 {
            // Small pictures, one at once after another.
            for sender in 0..<4 {
                given += take(7_000, sender, of: bandwidth, after: millisecond)
            }
        }
        // And the tenth of a second that there is in the beginning.
        #expect((990_000...1_010_000).contains(given), "\(given)")
    }

    @Test func whoGetsNothingIsToldForHowLong() {
        let bandwidth = Bandwidth(bytesPerSecond: 10_000, at: start)
        #expect(take(50_000, of: bandwidth) == 1_000)
        #expect(take(50_000, of: bandwidth) == 0)
        #expect(bandwidth.wait(at: start) == .milliseconds(100))
        // The end of a file is less than a portion.
        #expect(take(500, of: bandwidth, after: 60) == 500)
        #expect(take(50_000, of: bandwidth, after: 161) == 1_110)
    }

    /// libcurl asks the oldest first, each time.
    @Test func oneThatWantsMuchLeavesTheOthersTheirShare() {
        let bandwidth = Bandwidth(bytesPerSecond: 100_000, sharers: 4, at: start)
        var given = [0, 0, 0, 0]
        for millisecond in 0..<20_000 {
            for sender in 0..<4 {
                given[sender] += take(
                    sender == 0 ? 2 << 20 : 15_000, sender, of: bandwidth, after: millisecond)
            }
        }
        #expect(given.allSatisfy { $0 > 400_000 }, "\(given)")
        // Whoever goes is not waited for.
        bandwidth.leave(ObjectIdentifier(senders[0]))
        bandwidth.leave(ObjectIdentifier(senders[1]))
        bandwidth.leave(ObjectIdentifier(senders[2]))
        #expect(take(10_000, 3, of: bandwidth, after: 20_200) == 10_000)
    }

    @Test func anIdleHourIsNoStore() {
        let bandwidth = Bandwidth(bytesPerSecond: 10_000, at: start)
        #expect(take(1 << 30, of: bandwidth, after: 3_600_000) == 10_000)
        // A clock that went back gives nothing and takes nothing.
        #expect(take(1 << 30, of: bandwidth) == 0)
    }

    /// Two sessions and files much smaller than what a second allows.
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func smallFilesWaitForTheirTurnAndArriveWhole(tls: Bool, http2: Bool) async throws {
        let server = try await HTTPServer.start("", tls: tls, http2: http2)
        let folder = try TemporaryDirectory()
        let data = Data((0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        let path = try folder.write(data, to: "file")
        let bandwidth = Bandwidth(bytesPerSecond: 400_000, sharers: 2)
        let sessions = [1, 2].map { Session(name: "session \($0)", bandwidth: bandwidth) }
        let begun = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<30 {
                group.addTask {
                    var put = Transfer(.put, "\(server.url)\(number).jpg")
                    put.allowPrivate = true
                    if let pin = server.certificate?.pin { put.tls.pins = [pin] }
                    put.body = .file(path: path, bytes: Int64(data.count), sha256: .of(data))
                    let response = try await sessions[number % 2].perform(put)
                    #expect(response.status == 201)
                }
            }
            try await group.waitForAll()
        }
        // 1,200,000 bytes, of which a tenth of a second's worth was there.
        #expect(ContinuousClock.now - begun >= .seconds(2.8))
        for number in 0..<30 {
            #expect(FileManager.default.contents(atPath: "\(server.root)/\(number).jpg") == data)
        }
        for session in sessions { await session.close() }
        await server.stop()
    }
}
