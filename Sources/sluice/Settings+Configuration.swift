internal import Export
internal import Foundation
internal import Intake
internal import Model
internal import Profiles

extension Configuration {
    /// What the configuration means for the daemon.
    func settings() throws(Failure) -> Settings {
        let spool = try spoolSettings()
        do throws(IntakeError) {
            var settings = Settings(
                state: state, spool: spool, scanEvery: self.spool.scanEvery, channels: channels,
                productDirectory: products?.path,
                productForms: products?.forms ?? TableForms([]),
                productDrop: products?.drop ?? Products.usualDrop, credentials: credentials,
                vocabulary: vocabulary,
                workers: render.workers ?? ProcessInfo.processInfo.activeProcessorCount,
                renderer: try renderer(), keep: store.keep, reserve: store.reserve)
            settings.alarm = alarm
            return settings
        } catch {
            throw .badConfiguration("\(file): error: \(error.message)")
        }
    }

    func spoolSettings() throws(Failure) -> SpoolSettings {
        do throws(IntakeError) {
            return SpoolSettings(
                path: spool.path, settle: spool.settle,
                views: try Views(views.map { (name: $0.name, aliases: $0.aliases) }),
                naming: try naming.map { text throws(IntakeError) in try NamePattern(text) },
                zone: zone)
        } catch {
            throw .badConfiguration("\(file): error: \(error.message)")
        }
    }

    var vocabulary: Vocabulary {
        Vocabulary(
            views: views.map { (name: $0.name, aliases: $0.aliases) }, zone: zone,
            productColumns: products?.forms.columns.map(\.name) ?? [])
    }

    private func renderer() throws(IntakeError) -> String {
        guard let path = render.executable ?? Self.usualRenderer() else {
            throw IntakeError(
                "'sluice-render' is neither beside this program nor in '/usr/lib/sluice'; name it "
                    + "as 'render: {executable: …}'", remedy: .fixHost)
        }
        return path
    }

    /// Beside this program, else where the package puts it.
    static func usualRenderer() -> String? {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex) + "/sluice-render"
        return [String(beside), "/usr/lib/sluice/sluice-render"]
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }
}
