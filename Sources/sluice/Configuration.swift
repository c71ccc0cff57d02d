internal import Export
internal import Foundation
internal import Intake
internal import Model

/// `sluice.yaml`: where things are on this machine and how patient to be. Everything has a default
/// but spool, state and channels; paths are absolute once read (a relative one is below the file's
/// directory). What goes to which channel is in the profiles, not here.
struct Configuration: Sendable, Equatable {
    struct Spool: Sendable, Equatable {
        var path: String
        /// Seconds a loose file must not have changed before it is read.
        var settle: TimeInterval = 10
        /// Seconds between two full scans.
        var scanEvery: TimeInterval = 300
    }

    struct Products: Sendable, Equatable {
        /// Directory of files from the PIM.
        var path: String
        /// Its columns in the file's order; `sku` is among them.
        var forms: TableForms
        /// The share (0...1) of a table's rows, or of a column's values, that may be lost.
        var drop = usualDrop

        static let usualDrop = 0.05
    }

    struct View: Sendable, Equatable {
        var name: String
        var aliases: [String] = []
    }

    struct Socket: Sendable, Equatable {
        var path = "/run/sluice/sluice.sock"
        /// Names or ids; unless the file says otherwise root and the account that asks, which is
        /// the daemon's own when the daemon does.
        var users = ["root", String(getuid())]
        var groups: [String] = []
    }

    struct Render: Sendable, Equatable {
        /// Nil: as many as suit the machine.
        var workers: Int?
        /// Path of `sluice-render`; nil: beside this executable, else in `/usr/lib/sluice`.
        var executable: String?
    }

    struct Store: Sendable, Equatable {
        /// Seconds a rendition nobody wants is kept.
        var keep: TimeInterval = 30 * 86_400
        /// Share of the disk (0...1) below which intake stops.
        var reserve = 0.05
    }

    /// As it was named.
    var file: String
    var spool: Spool
    var state: String
    var channels: String
    var products: Products?
    var credentials: String
    /// In the order in which pictures are numbered.
    var views: [View]
    /// How a file name is read when nothing else says, such as `{sku}_{view}`.
    var naming: String?
    /// What a bare date means.
    var zone: TimeZone
    var socket = Socket()
    var render = Render()
    var store = Store()
    var alarm = AlarmSettings()

    static let usualViews = ["front", "back", "left", "right", "detail", "lifestyle"]
        .map { View(name: $0) }
}

extension Configuration {
    /// Bytes of the file; far above what one needs.
    private static let limit = 256 << 10

    /// Reads the file and ends the command with all of its mistakes, or none.
    static func load(_ path: String) throws(Failure) -> Configuration {
        let bytes = try bytes(path)
        do throws(Problems) {
            return try ConfigurationReader(path).read(bytes)
        } catch {
            throw .badConfiguration(error)
        }
    }

    /// What a client needs of the file, whatever else is wrong with it.
    static func forClients(
        _ path: String
    ) throws(Failure) -> (socket: String, zone: TimeZone) {
        let bytes = try bytes(path)
        do throws(Problems) {
            return try ConfigurationReader(path).forClients(bytes)
        } catch {
            throw .badConfiguration(error)
        }
    }

    private static func bytes(_ path: String) throws(Failure) -> Data {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            let why = (error as NSError).isAbsence ? "there is no such file" : "it cannot be read"
            throw .badConfiguration(
                "no configuration '\(path)': \(why)",
                next: "name one with --config, or start from the sample in deploy/sluice.yaml")
        }
    }
}

extension NSError {
    fileprivate var isAbsence: Bool {
        domain == NSCocoaErrorDomain
            && [CocoaError.fileNoSuchFile.rawValue, CocoaError.fileReadNoSuchFile.rawValue]
                .contains(code)
    }
}
