package import Foundation
private import Host
package import Model
private import YAML

/// `sluice approve FILE…`: writes down beside a picture who approved these very bytes. Runs with
/// the rights of the person who calls it, and changes nothing but the approval.
package enum SidecarWriter {
    /// What stands beside the picture now.
    package struct Written: Sendable, Hashable {
        package var path: String
        package var approval: Approval
        /// The sidecar still says that the picture is withdrawn; the approval does not undo that.
        package var isWithdrawn: Bool
    }

    /// - Parameters:
    ///   - file: a picture in the spool.
    ///   - seq: nil keeps the number of the approval that is there.
    ///   - sku: with `view` what the picture shows, where nothing says so yet.
    /// - Throws: when the sidecar that is there has mistakes: they are for a person to mend.
    package static func approve(
        file: String, by: String, at: Date, seq: Int? = nil, sku: [String] = [],
        view: String? = nil, in settings: SpoolSettings
    ) throws(IntakeError) -> Written {
        let picture = try Picture(file)
        // Whole milliseconds, as they are written.
        let moment = Date(timeIntervalSince1970: (at.timeIntervalSince1970 * 1000).rounded() / 1000)
        var approval = Approval(by: by, at: moment, seq: seq ?? 0, sha256: picture.sha256)
        guard let path = try existing(file) else {
            let asset = try asset(file, sku, view, settings)
            let text = SidecarText.fresh(approval, asset)
            return try write(text, to: file + ".yaml", picture, approval, settings)
        }
        let (text, old) = try read(path, settings)
        guard sku.isEmpty, view == nil else {
            throw refusal(
                "'\(path)' is there already and says what the picture shows; change it there")
        }
        approval.seq = seq ?? old.approval?.seq ?? 0
        guard
            let new = SidecarText.replacing(approval, in: text, isJSON: path.hasSuffix(".json"))
        else {
            throw refusal(
                "'\(path)' is not written as 'key: value' lines; add the approval by hand")
        }
        return try write(new, to: path, picture, approval, settings, over: old)
    }

    private static func write(
        _ text: String, to path: String, _ picture: Picture, _ approval: Approval,
        _ settings: SpoolSettings, over old: Statement? = nil
    ) throws(IntakeError) -> Written {
        let new: Statement
        do throws(Problems) {
            new = try Spool.sidecar(Data(text.utf8), file: path, settings, .distantPast)
        } catch {
            throw refusal("the approval cannot be written into '\(path)': \(error)")
        }
        guard let written = new.approval, written.isSame(as: approval),
            old.map(new.sameButApproval) ?? true
        else {
            throw refusal("'\(path)' cannot be changed safely; add the approval by hand")
        }
        do throws(HostError) {
            try Files.replace(path, mode: picture.sidecarMode(path)) { output throws(HostError) in
                // The service reads it by its group, as it reads the picture.
                _ = fchown(output.descriptor, uid_t.max, picture.status.st_gid)
                try write(text, output)
            }
        } catch {
            throw IntakeError("\(error)", remedy: .fixHost)
        }
        return Written(path: path, approval: written, isWithdrawn: new.withdrawn != nil)
    }

    private static func write(_ text: String, _ output: borrowing OpenFile) throws(HostError) {
        let bytes = Array(text.utf8)
        var failure: HostError?
        bytes.withUnsafeBytes { buffer in
            do throws(HostError) { try output.write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private static func existing(_ file: String) throws(IntakeError) -> String? {
        let found = XMPSidecarSearch.sidecars(of: file, Files.exists)
        guard found.count <= 1 else {
            throw refusal("'\(found.joined(separator: "' and '"))' are both there; keep one")
        }
        return found.first
    }

    private static func read(
        _ path: String, _ settings: SpoolSettings
    ) throws(IntakeError) -> (String, Statement) {
        let bytes: Data
        do throws(HostError) {
            bytes = try OpenFile.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
                .read(limit: settings.maxSidecarBytes + 1)
        } catch {
            throw IntakeError("\(error)", remedy: .fixHost)
        }
        do throws(Problems) {
            let statement = try Spool.sidecar(bytes, file: path, settings, .distantPast)
            return (String(decoding: bytes, as: UTF8.self), statement)
        } catch {
            throw refusal("'\(path)' has mistakes; mend them first\n\(error)")
        }
    }

    /// What a new sidecar says the picture shows; nil where a manifest says it.
    private static func asset(
        _ file: String, _ sku: [String], _ view: String?, _ settings: SpoolSettings
    ) throws(IntakeError) -> (skus: [String], view: String)? {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        var skus = sku
        var shown = view
        if skus.isEmpty || shown == nil,
            case .reading(let reading) = settings.naming?.read(stem, settings.views)
        {
            if skus.isEmpty { skus = [reading.sku] }
            shown = shown ?? Asset(sku: "", view: reading.view, number: reading.number).viewText
        }
        if let shown, !skus.isEmpty { return (skus, shown) }
        if skus.isEmpty, shown == nil, isListed(file, settings) { return nil }
        let missing = skus.isEmpty ? "--sku" : "--view"
        throw refusal("nothing says what '\(file)' shows; name it with \(missing)")
    }

    /// Whether a manifest stands in a directory above, up to the spool.
    private static func isListed(_ file: String, _ settings: SpoolSettings) -> Bool {
        var directory = file[...]
        while let slash = directory.lastIndex(of: "/") {
            directory = directory[..<slash]
            guard directory.hasPrefix(settings.path + "/") else { return false }
            if SpoolName.manifests.contains(where: { Files.exists(directory + "/" + $0) }) {
                return true
            }
        }
        return false
    }

    fileprivate static func refusal(_ message: String) -> IntakeError {
        IntakeError(message, remedy: .fixInput)
    }
}

/// The bytes that a person approves.
private struct Picture {
    var status: stat
    var sha256: ContentHash

    init(_ file: String) throws(IntakeError) {
        let name = file.split(separator: "/").last.map { Array($0.utf8) } ?? []
        switch SpoolName.kind(name) {
        case .plain: break
        case .sidecar, .xmp:
            throw SidecarWriter.refusal("'\(file)' is no picture; name the picture itself")
        case .ignored, .unfit:
            throw SidecarWriter.refusal("'\(file)' has a name that is not taken; rename it first")
        }
        let (before, digest, head, after) = try Self.read(file)
        if let fault = Rejection.Code(before, maxBytes: .max) {
            let why = fault.fault(size: Int64(before.st_size), maxBytes: .max)
            throw SidecarWriter.refusal("'\(file)' \(why)")
        }
        guard let digest, FileIdentity(before) == FileIdentity(after) else {
            throw SidecarWriter.refusal("'\(file)' changed while it was read; try again")
        }
        guard ImageFormat.recognise(head) != nil else {
            throw SidecarWriter.refusal(ForeignFile(head).told(of: file))
        }
        status = before
        sha256 = digest.sha256
    }

    /// The status before and after, and between them the hash of a plain file and its first bytes.
    private static func read(
        _ file: String
    ) throws(IntakeError) -> (stat, Files.Digest?, head: [UInt8], stat) {
        do throws(HostError) {
            let source = try OpenFile.open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let before = try source.status()
            let isPlain = before.st_mode & S_IFMT == S_IFREG
            var head: [UInt8] = []
            let digest =
                isPlain
                ? try Files.digest(source) { chunk in
                    if head.isEmpty { head += chunk.prefix(ImageFormat.head) }
                } : nil
            return (before, digest, head, try source.status())
        } catch {
            throw IntakeError("\(error)", remedy: .fixHost)
        }
    }

    /// As the picture's, or the sidecar's that was there; but whoever may write an approval gives
    /// one, so never writable by everybody.
    func sidecarMode(_ path: String) -> UInt32 {
        var old = stat()
        let mode = stat(path, &old) == 0 ? old.st_mode : status.st_mode
        return mode & 0o664 | 0o600
    }
}

extension Approval {
    /// The text of a moment ends at its milliseconds, a `Date` does not.
    fileprivate func isSame(as other: Approval) -> Bool {
        var copy = self
        copy.at = other.at
        return copy == other && abs(at.timeIntervalSince(other.at)) < 0.002
    }
}

extension Statement {
    fileprivate func sameButApproval(_ other: Statement) -> Bool {
        var (left, right) = (self, other)
        (left.approval, right.approval) = (nil, nil)
        (left.place, right.place) = (
            Place(file: "", line: 1, column: 1), Place(file: "", line: 1, column: 1)
        )
        return left == right
    }
}
