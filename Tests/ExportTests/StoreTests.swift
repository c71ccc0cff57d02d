import Foundation
import Host
import Testing

@testable import Bookkeeping
@testable import Export

@Suite struct StoreTests {
    private let path = NSTemporaryDirectory() + "sluice-store-\(UUID().uuidString)"

    private func mode(_ name: String) -> mode_t {
        var about = stat()
        return stat(path + "/" + name, &about) == 0 ? about.st_mode & 0o777 : 0
    }

    /// Made by hand, or by an older program: the ledger could be read by everybody.
    @Test func closesWhatOthersLeftOpen() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(mkdir(path, 0o700) == 0 && chmod(path, 0o755) == 0)
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
            try Files.write(Data(), to: path + "/" + name, mode: 0o644, durable: false)
        }
        #expect(mkdir(path + "/masters", 0o700) == 0 && chmod(path + "/masters", 0o775) == 0)
        let store = Store(state: path)
        try store.prepare()
        #expect(mode("") == 0o700)
        #expect(mode("masters") == 0o700)
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
            #expect(mode(name) == 0o600)
        }
    }
}
