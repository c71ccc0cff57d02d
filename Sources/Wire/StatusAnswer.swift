package import Foundation

/// `GET /v1/status`
package struct StatusAnswer: Codable, Sendable {
    package struct Channel: Codable, Sendable {
        package var name: String
        package var state: ChannelState
        package var light: Light
        /// Why it is not green.
        package var reasons: [String]
        /// Of a delivery's states, and `held`.
        package var deliveries: Tally<ItemState>
        /// Gate → number of assets it stops.
        package var gates: [String: Int]
        package var feed: Feed?
        package var revision: String?
        package var lastSuccess: Date?
        package var oldestWaiting: Date?
        package var nextTry: Date?
        /// What keeps the work that waits from going faster.
        package var limitedBy: String?
        /// How much of its ceilings it uses at this moment; nil: it does not run.
        package var use: Use?
        /// Files confirmed a minute, of late; nil: too few to say.
        package var perMinute: Double?
        /// When, going on so, nothing waits to be sent any more.
        package var expectedEnd: Date?
        /// Whether it still has what was delivered; nil: nobody has asked yet.
        package var patrol: PatrolAnswer?
        /// What its crawler would get; nil: that was not tried.
        package var crawl: CrawlAnswer?

        package init(
            name: String, state: ChannelState, light: Light, reasons: [String],
            deliveries: Tally<ItemState>, gates: [String: Int], feed: Feed? = nil,
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

        /// What the channel says of the items.
        package struct Verdicts: Codable, Sendable {
            package var accepted: Int
            package var rejected: Int
            /// Neither, so far.
            package var pending: Int
            /// What its last answer speaks of and nobody knows here, and the first few of it.
            package var unknown: Int?
            package var strangers: [String]?
            /// When it was last asked.
            package var readAt: Date
            /// Why not all could be read then.
            package var trouble: String?

            package init(
                accepted: Int, rejected: Int, pending: Int, readAt: Date, trouble: String?
            ) {
                self.accepted = accepted
                self.rejected = rejected
                self.pending = pending
                self.readAt = readAt
                self.trouble = trouble
            }
        }

        package var file: String
        package var items: Int
        package var publishedAt: Date?
        /// Nil: it does not answer, or nobody has read it yet.
        package var verdicts: Verdicts?
        /// The first few items that it rejects.
        package var rejections: [Omission]?
        /// Why the newest edition waits for a person, when it does.
        package var held: String?
        /// Of the earlier edition that a person has put back, for which it is held; nil: none.
        package var rewound: Int?
        /// Why it could not be sent, when that was tried.
        package var failed: String?
        /// What is out names pictures that had to go; nil: it could be replaced.
        package var namesGone: Bool?
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
        /// Of those that settle, manifests whose files have not come for long.
        package var incomplete: Int?
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

    package var verdict: Verdict
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
    /// Every reason why not all is well, as a program tells them apart.
    package var causes: [Cause] = []
    /// Ways of telling people that fail, and why.
    package var untold: [String]?
    /// Asked with it again, `idle` also says that all was looked at that lay there when it was given.
    package var look: String?

    package init(
        verdict: Verdict, version: String, pid: Int, startedAt: Date, now: Date, idle: Bool,
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
