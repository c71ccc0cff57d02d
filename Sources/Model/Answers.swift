// What the socket answers under /v1, and the commands print. Encoded with snake_case keys and
// ISO 8601 dates.

package import Foundation

/// `GET /v1/status`
package struct StatusAnswer: Codable, Sendable {
    package struct Channel: Codable, Sendable {
        package var name: String
        /// draft, live, retired, off
        package var state: String
        /// green, yellow (work waits or a person is needed soon), red
        package var light: String
        /// Why it is not green.
        package var reasons: [String]
        /// Delivery state → number: waiting, rendering, ready, sending, live, removing, held ...
        package var deliveries: [String: Int]
        /// Gate → number of assets it stops.
        package var gates: [String: Int]
        package var feed: Feed?
        package var revision: String?
        package var lastSuccess: Date?
        package var oldestWaiting: Date?
        package var nextTry: Date?
        /// What keeps the work that waits from going faster.
        package var limitedBy: String?

        package init(
            name: String, state: String, light: String, reasons: [String],
            deliveries: [String: Int], gates: [String: Int], feed: Feed? = nil,
            revision: String? = nil, lastSuccess: Date? = nil, oldestWaiting: Date? = nil,
            nextTry: Date? = nil
        ) {
            self.name = name
            self.state = state
            self.light = light
            self.reasons = reasons
            self.deliveries = deliveries
            self.gates = gates
            self.feed = feed
            self.revision = revision
            self.lastSuccess = lastSuccess
            self.oldestWaiting = oldestWaiting
            self.nextTry = nextTry
        }
    }

    package struct Feed: Codable, Sendable {
        /// A product that is left out, and why.
        package struct Omission: Codable, Sendable {
            package var sku: String
            package var reason: String

            package init(sku: String, reason: String) {
                self.sku = sku
                self.reason = reason
            }
        }

        package var file: String
        package var items: Int
        package var publishedAt: Date?
        /// Why the newest edition waits for a person, when it does.
        package var held: String?
        /// Why it could not be sent, when that was tried.
        package var failed: String?
        /// Products with something live that are not in it, and should be.
        package var omitted: Int
        /// The first few of them.
        package var omissions: [Omission]

        package init(
            file: String, items: Int, publishedAt: Date?, held: String?, failed: String? = nil,
            omitted: Int = 0, omissions: [Omission] = []
        ) {
            self.file = file
            self.items = items
            self.publishedAt = publishedAt
            self.held = held
            self.failed = failed
            self.omitted = omitted
            self.omissions = omissions
        }
    }

    package struct Products: Codable, Sendable {
        /// A table in force.
        package struct Table: Codable, Sendable {
            package var file: String
            package var rows: Int
            package var takenAt: Date

            package init(file: String, rows: Int, takenAt: Date) {
                self.file = file
                self.rows = rows
                self.takenAt = takenAt
            }
        }

        package var tables: [Table]
        /// A file was touched just now, and is left alone until it counts as whole.
        package var settling: Bool
        /// What somebody should mend; what stands in the way is among the problems.
        package var remarks: [String]
        package var notes: [String]

        package init(tables: [Table], settling: Bool, remarks: [String], notes: [String]) {
            self.tables = tables
            self.settling = settling
            self.remarks = remarks
            self.notes = notes
        }
    }

    package struct Spool: Codable, Sendable {
        package var lastScan: Date?
        package var sources: Int
        package var quarantined: Int
        package var settling: Int
        /// What is hidden, unfinished or litter of systems, by its name.
        package var ignored: Int
        /// Sidecars, manifests' entries and `.xmp` whose name is only near that of their picture.
        package var misnamed: Int
        /// What lies beside nothing, the first few.
        package var notes: [String]

        package init(
            lastScan: Date?, sources: Int, quarantined: Int, settling: Int, ignored: Int = 0,
            misnamed: Int = 0, notes: [String] = []
        ) {
            self.lastScan = lastScan
            self.sources = sources
            self.quarantined = quarantined
            self.settling = settling
            self.ignored = ignored
            self.misnamed = misnamed
            self.notes = notes
        }
    }

    package struct Render: Codable, Sendable {
        package var workers: Int
        package var waiting: Int
        /// Masters nobody has looked into yet.
        package var uninspected: Int
        /// Why rendering stands still, when it does.
        package var paused: String?
        package var sandbox: [WorkerGreeting.Layer]
        package var versions: [String: String]

        package init(
            workers: Int, waiting: Int, uninspected: Int = 0, paused: String?,
            sandbox: [WorkerGreeting.Layer], versions: [String: String]
        ) {
            self.workers = workers
            self.waiting = waiting
            self.uninspected = uninspected
            self.paused = paused
            self.sandbox = sandbox
            self.versions = versions
        }
    }

    /// ok, attention, stuck
    package var verdict: String
    package var version: String
    package var pid: Int
    package var startedAt: Date
    package var now: Date
    /// Nothing to do at this moment.
    package var idle: Bool
    /// Items that are still to be done and wait for nobody else.
    package var left = 0
    package var spool: Spool
    package var render: Render
    package var channels: [Channel]
    package var problems: [String]
    /// Nil where no product tables are configured.
    package var products: Products?
    package var standing: [Standing] = []
    /// Asked with it again, `idle` also says that all was looked at that lay there when it was given.
    package var look: String?

    package init(
        verdict: String, version: String, pid: Int, startedAt: Date, now: Date, idle: Bool,
        spool: Spool, render: Render, channels: [Channel], problems: [String],
        products: Products? = nil
    ) {
        self.verdict = verdict
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.now = now
        self.idle = idle
        self.spool = spool
        self.render = render
        self.channels = channels
        self.problems = problems
        self.products = products
    }
}

/// `GET /v1/why?sku=…&channel=…`
package struct WhyAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var asset: String
        package var channel: String
        package var slot: String?
        package var name: String?
        /// Delivery state; or `refused`, `not asked for`, `waits for approval`, `withdrawn`, `set
        /// aside`.
        package var state: String
        /// Closed gates in order; empty when it is live or on its way.
        package var gates: [Gate]
        /// What happens next and when, when no gate is closed.
        package var next: String?
        /// In the spool, where it is one that waits or was set aside.
        package var file: String?

        package init(
            asset: String, channel: String, slot: String?, name: String?, state: String,
            gates: [Gate], next: String?, file: String? = nil
        ) {
            self.asset = asset
            self.channel = channel
            self.slot = slot
            self.name = name
            self.state = state
            self.gates = gates
            self.next = next
            self.file = file
        }
    }

    /// A feed that leaves the SKU out although something of it is live.
    package struct Omission: Codable, Sendable {
        package var channel: String
        package var gate: Gate
        package var since: Date

        package init(channel: String, gate: Gate, since: Date) {
            self.channel = channel
            self.gate = gate
            self.since = since
        }
    }

    package var sku: String
    package var known: Bool
    /// Nearest SKUs when this one is unknown.
    package var nearest: [String]
    package var entries: [Entry]
    /// Files in the spool that name this SKU and cannot be used.
    package var quarantined: [QuarantinedFile]
    package var omissions: [Omission]

    package init(
        sku: String, known: Bool, nearest: [String], entries: [Entry],
        quarantined: [QuarantinedFile], omissions: [Omission] = []
    ) {
        self.sku = sku
        self.known = known
        self.nearest = nearest
        self.entries = entries
        self.quarantined = quarantined
        self.omissions = omissions
    }
}

/// `GET /v1/live/SKU`
package struct LiveAnswer: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var asset: String
        package var channel: String
        package var slot: String
        package var name: String
        /// Where a person can look at it.
        package var url: String
        package var sha256: String
        package var master: String
        package var approvedBy: String
        package var since: Date
        /// hash or size
        package var confirmedBy: String
        package var superseded: Bool

        package init(
            asset: String, channel: String, slot: String, name: String, url: String,
            sha256: String, master: String, approvedBy: String, since: Date, confirmedBy: String,
            superseded: Bool
        ) {
            self.asset = asset
            self.channel = channel
            self.slot = slot
            self.name = name
            self.url = url
            self.sha256 = sha256
            self.master = master
            self.approvedBy = approvedBy
            self.since = since
            self.confirmedBy = confirmedBy
            self.superseded = superseded
        }
    }

    package var sku: String
    package var known: Bool
    /// The nearest SKU when this one is unknown.
    package var nearest: String?
    package var entries: [Entry]

    package init(
        sku: String, known: Bool = true, nearest: String? = nil, entries: [Entry]
    ) {
        self.sku = sku
        self.known = known
        self.nearest = nearest
        self.entries = entries
    }
}

/// One line of `GET /v1/events`, newline-delimited JSON; also the ledger's history.
package struct Event: Codable, Sendable {
    package var id: Int64
    package var at: Date
    /// accepted, quarantined, rendered, refused, sent, confirmed, removed, published, held,
    /// paused, withdrawn, reloaded, failed ...
    package var kind: String
    package var channel: String?
    package var subject: String
    package var text: String

    package init(
        id: Int64, at: Date, kind: String, channel: String?, subject: String, text: String
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.channel = channel
        self.subject = subject
        self.text = text
    }
}

/// `POST /v1/reload`
package struct ReloadAnswer: Codable, Sendable {
    /// Channel → what happened: `unchanged`, `taken (3 renditions change)`, `kept at its last good
    /// revision` ...
    package var channels: [String: String]
    package var problems: [Problem]
    /// Channels among them that wait for a person.
    package var waiting: [String]

    package init(channels: [String: String], problems: [Problem], waiting: [String] = []) {
        self.channels = channels
        self.problems = problems
        self.waiting = waiting
    }
}

/// Answer to every other POST: what was done, to how many.
package struct DoneAnswer: Codable, Sendable {
    package var done: String
    package var count: Int
    /// The first few, where they have names.
    package var names: [String]?

    package init(done: String, count: Int, names: [String]? = nil) {
        self.done = done
        self.count = count
        self.names = names
    }
}
