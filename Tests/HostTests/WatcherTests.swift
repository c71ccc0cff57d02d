import Foundation
import Host
import Testing

@Suite(.timeLimit(.minutes(1))) struct WatcherTests {
    private let scratch = Scratch()

    /// Awaits a hint; the suite's time limit is the deadline.
    private func hinted(_ watcher: Watcher) async -> Bool {
        for await _ in watcher.hints { return true }
        return false
    }

    /// Awaits hints until so many directories are watched.
    private func watches(_ count: Int, _ watcher: Watcher) async -> Bool {
        for await _ in watcher.hints where watcher.directories == count { return true }
        return false
    }

    @Test func saysWhenAFileArrives() async {
        let watcher = Watcher([scratch.path])
        #expect(await watches(1, watcher))
        scratch.write("x", "photo.jpg")
        #expect(await hinted(watcher))
        #expect(watcher.problem == nil)
    }

    @Test func watchesDirectoriesThatCameLater() async {
        let watcher = Watcher([scratch.path])
        #expect(await watches(1, watcher))
        mkdir(scratch.file("batch"), 0o700)
        mkdir(scratch.file("batch/deep"), 0o700)
        #expect(await watches(3, watcher))
        scratch.write("x", "batch/deep/photo.jpg")
        #expect(await hinted(watcher))
    }

    @Test func seesDirectoriesThatWereThereBefore() async {
        mkdir(scratch.file("old"), 0o700)
        mkdir(scratch.file("old/deep"), 0o700)
        symlink("/usr", scratch.file("link"))
        let watcher = Watcher([scratch.path])
        #expect(watcher.directories == 3)
    }

    @Test func knowsWhatWasMovedInFromWhatWasMade() async {
        mkdir(scratch.file("spool"), 0o700)
        mkdir(scratch.file("batch"), 0o700)
        let spool = scratch.file("spool")
        let watcher = Watcher([spool])
        rename(scratch.file("batch"), spool + "/batch")
        mkdir(spool + "/made", 0o700)
        #expect(await watches(3, watcher))
        var status = stat()
        #expect(lstat(spool + "/batch", &status) == 0)
        let changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
        #expect(watcher.movedIn(spool + "/batch") == changed)
        #expect(watcher.movedIn(spool + "/made") == nil)
    }

    @Test func survivesADirectoryRenamedAndMadeAgain() async {
        let spool = scratch.file("spool")
        mkdir(spool, 0o700)
        let watcher = Watcher([spool])
        #expect(watcher.directories == 1)
        rename(spool, scratch.file("gone"))
        #expect(await watches(0, watcher))
        mkdir(spool, 0o700)
        watcher.refresh()
        #expect(await watches(1, watcher))
        scratch.write("x", "spool/photo.jpg")
        #expect(await hinted(watcher))
    }

    @Test func survivesMoreEventsThanTheQueueHolds() async {
        let watcher = Watcher([scratch.path])
        for number in 0..<20_000 {
            close(open(scratch.file("\(number)"), O_CREAT | O_WRONLY, 0o600))
        }
        #expect(await hinted(watcher))
        mkdir(scratch.file("after"), 0o700)
        #expect(await watches(2, watcher))
        #expect(watcher.problem == nil)
    }

    @Test func endsWhenClosed() async {
        let watcher = Watcher([scratch.path, scratch.file("missing")])
        #expect(watcher.problem == nil)
        watcher.close()
        for await _ in watcher.hints {}
    }

    @Test func endsWhenNobodyHoldsIt() async {
        var watcher: Watcher? = Watcher([scratch.path])
        let hints = watcher?.hints
        watcher = nil
        guard let hints else { return }
        for await _ in hints {}
        #expect(watcher == nil)
    }
}
