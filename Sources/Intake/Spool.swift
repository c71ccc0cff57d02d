// The letterbox: finds what lies in the spool, reads what is declared about it, and takes a copy
// that is whole, hashed and named by its hash. Promises to look without touching: nothing in the
// spool is ever changed or deleted, and no name, link or pipe in it leads outside or blocks.
// What is known already, and what a version or a verdict means, is the ledger's and Export's.

package import Foundation
import Host
package import Model

package struct SpoolSettings: Sendable {
    package var path: String
    /// Seconds for which a file must have been left alone.
    package var settle: TimeInterval
    package var views: Views
    /// How a file name is read when nothing else says.
    package var naming: NamePattern?
    /// For bare dates in sidecars and manifests.
    package var zone: TimeZone
    /// The largest master taken.
    package var maxBytes: Int64
    package var maxSidecarBytes: Int
    package var maxManifestBytes: Int
    /// Of an `.xmp`: what the worker reads at most.
    package var maxXMPBytes: Int64 = 1 << 20
    /// Levels of subdirectories looked into.
    package var depth: Int

    package init(
        path: String, settle: TimeInterval = 10, views: Views = .standard,
        naming: NamePattern? = nil, zone: TimeZone = .gmt, maxBytes: Int64 = 2 << 30,
        maxSidecarBytes: Int = 64 << 10, maxManifestBytes: Int = 16 << 20, depth: Int = 8
    ) {
        self.path = path
        self.settle = settle
        self.views = views
        self.naming = naming
        self.zone = zone
        self.maxBytes = maxBytes
        self.maxSidecarBytes = maxSidecarBytes
        self.maxManifestBytes = maxManifestBytes
        self.depth = depth
    }

    /// Changes when a declaration may be read differently than before: a reason to read rejected
    /// files again although they are the same files.
    package var revision: String {
        "\(views.revision)|\(naming?.text ?? "")|\(zone.identifier)|\(maxBytes)"
    }
}

/// One spool directory. All calls block: for a `Lane`, one at a time.
package final class Spool: Sendable {
    /// Where a test may interfere while a file is copied.
    package enum Step: Sendable {
        case opened, copied
    }

    package let settings: SpoolSettings
    let manifests = ManifestShelf()
    let names: NameShelf
    let interrupt: @Sendable (Step) -> Void

    package init(
        _ settings: SpoolSettings, interrupt: @escaping @Sendable (Step) -> Void = { _ in }
    ) {
        self.settings = settings
        self.interrupt = interrupt
        names = NameShelf(spool: settings.path)
    }

    /// Begins a pass over the spool.
    /// - Throws: when there is no spool to look at; that says nothing about what was in it.
    package func walk() throws(IntakeError) -> Walk {
        putAway()
        return try Walk(settings, names)
    }

    /// Lets go of what a pass has read to read it only once.
    package func putAway() {
        manifests.clear()
        names.clear()
    }

    /// A whole pass, in batches of up to 500 candidates.
    /// - Returns: what was noticed on the way.
    @discardableResult
    package func scan(
        _ each: ([Candidate]) throws -> Void
    ) throws -> Walk.Notes {
        let walk = try walk()
        defer { putAway() }
        while let batch = try walk.next() { try each(batch) }
        return walk.notes
    }

    func root() throws(HostError) -> OpenFile {
        try OpenFile.open(settings.path, O_RDONLY | O_DIRECTORY)
    }
}

/// The spool as a whole cannot be read, or a setting makes no sense.
package struct IntakeError: Error, Sendable, CustomStringConvertible {
    package var message: String
    package var remedy: Remedy

    package init(_ message: String, remedy: Remedy) {
        self.message = message
        self.remedy = remedy
    }

    package var description: String { message }
}
