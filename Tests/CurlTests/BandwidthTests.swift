import Foundation
import Model
import Support
import Testing

@testable import Curl

@Suite struct BandwidthTests {
    private let start = ContinuousClock.now

    @Test func aSecondGivesNoMoreThanIsAllowedHoweverManyAsk() {
        let bandwidth = Bandwidth(bytesPerSecond: 100_000, sharers: 4, at: start)
        var given = 0
        for millisecond in 0..<10_000 {
            let now = start + .milliseconds(millisecond)
            // Small pictures, one at once after another.
            for _ in 0..<4 { given += bandwidth.take(7_000, at: now) }
        }
        // And the tenth of a second that there is in the beginning.
        #expect((990_000...1_010_000).contains(given), "\(given)")
    }

    @Test func whoGetsNothingIsToldForHowLong() {
        let bandwidth = Bandwidth(bytesPerSecond: 10_000, at: start)
        #expect(bandwidth.take(50_000, at: start) == 1_000)
        #expect(bandwidth.take(50_000, at: start) == 0)
        #expect(bandwidth.wait(at: start) == .milliseconds(100))
        // The end of a file is less than a portion.
        #expect(bandwidth.take(500, at: start + .milliseconds(60)) == 500)
        #expect(bandwidth.take(50_000, at: start + .milliseconds(161)) == 1_110)
    }

    @Test func anIdleHourIsNoStore() {
        let bandwidth = Bandwidth(bytesPerSecond: 10_000, at: start)
        #expect(bandwidth.take(1 << 30, at: start + .seconds(3_600)) == 10_000)
        // A clock that went back gives nothing and takes nothing.
        #expect(bandwidth.take(1 << 30, at: start) == 0)
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
