package import Foundation
package import Intake
package import Model
package import Profiles

/// What the daemon is told by its configuration, read and checked.
package struct Settings: Sendable {
    package var state: String
    package var spool: SpoolSettings
    /// Seconds between scans that no hint asked for.
    package var scanEvery: TimeInterval
    package var channels: String
    package var productDirectory: String?
    package var productForms: TableForms
    /// The share of a product table that may be lost without a person, 0 to 1.
    package var productDrop: Double
    package var credentials: String
    package var vocabulary: Vocabulary
    package var workers: Int
    /// Path of `sluice-render`.
    package var renderer: String
    /// Seconds an unused rendition stays.
    package var keep: TimeInterval
    /// Share of the disk below which intake stops.
    package var reserve: Double
    package var alarm = AlarmSettings()

    package init(
        state: String, spool: SpoolSettings, scanEvery: TimeInterval, channels: String,
        productDirectory: String?, productForms: TableForms,
        productDrop: Double = 0.05, credentials: String, vocabulary: Vocabulary, workers: Int,
        renderer: String, keep: TimeInterval, reserve: Double
    ) {
        self.state = state
        self.spool = spool
        self.scanEvery = scanEvery
        self.channels = channels
        self.productDirectory = productDirectory
        self.productForms = productForms
        self.productDrop = productDrop
        self.credentials = credentials
        self.vocabulary = vocabulary
        self.workers = workers
        self.renderer = renderer
        self.keep = keep
        self.reserve = reserve
    }
}
