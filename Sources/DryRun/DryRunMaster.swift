package import Foundation
package import Model

extension DryRun {
    /// A file that was staged and inspected, with the `.xmp` beside it.
    package struct Master: Sendable {
        package var hash: ContentHash
        package var format: ImageFormat
        package var bytes: Int64
        package var inspection: Inspection
        /// Path of the `.xmp`; nil where there is none, or none that can be meant for it.
        package var xmp: String?
        /// What it says.
        package var xmpMetadata: PictureMetadata?
        /// Why that cannot be known. A sentence for people.
        package var xmpFault: String?
    }
}

extension DryRun.Master {
    /// The picture as the daemon would have it: its rights are what is declared, narrowed by what is
    /// in the picture and in the `.xmp` beside it.
    /// - Parameters:
    ///   - declared: nil: nothing says what it shows.
    ///   - zone: for bare dates.
    package func version(
        _ id: Int64 = 0, of asset: Asset = Asset(sku: "", view: ""), declared: Declaration?,
        zone: TimeZone
    ) -> Version {
        let declared = declared ?? Declaration(assets: [])
        var version = Version(
            id: id, asset: asset, master: hash, kind: declared.kind, audience: declared.audience,
            season: declared.season, tags: declared.tags, approval: declared.approval,
            rights: declared.rights, withdrawn: declared.withdrawn)
        version.focus = declared.focus
        version.xmpMetadata = xmpMetadata
        version.xmpFault = xmpFault
        version.narrowRights(by: inspection.metadata, zone: zone)
        return version
    }
}
