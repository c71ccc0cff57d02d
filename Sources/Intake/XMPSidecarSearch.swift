private import Foundation
import Host
import Model

/// Finds the `.xmp` that belongs to a picture: `a.jpg.xmp`, which can belong to no other, before
/// `a.xmp`, which programs for pictures write and which `a.jpg` and `a.tif` would share.
package enum XMPSidecarSearch {
    /// The `.xmp` that intake would take with this picture, wherever the picture lies.
    /// - Returns: its path; nil where there is none.
    /// - Throws: where other pictures have as much claim to it, naming them.
    package static func xmp(of file: String) throws(IntakeError) -> String? {
        let (directory, name) =
            file.lastIndex(of: "/").map {
                (String(file[..<$0]) + "/", String(file[file.index(after: $0)...]))
            } ?? ("./", file)
        let found: XMPSidecar?
        do throws(HostError) {
            let stream = try DirectoryStream(directory)
            found = stream.status(of: Array(name.utf8)).flatMap { status in
                xmp(of: Array(name.utf8), FileIdentity(status), stream, prefix: directory)
            }
        } catch {
            throw IntakeError("\(error)", remedy: .fixHost)
        }
        guard let found else { return nil }
        if let fault = found.sharing(with: name) { throw IntakeError(fault, remedy: .fixInput) }
        return found.raw
    }

    /// - Parameters:
    ///   - name: of the picture, in the directory of `stream`, and what it is.
    ///   - prefix: of that directory, below the spool.
    static func xmp(
        of name: [UInt8], _ picture: FileIdentity, _ stream: DirectoryStream, prefix: String
    ) -> XMPSidecar? {
        guard let text = SpoolName.text(name) else { return nil }
        let own = xmp(named: text, stream) { stream.status(of: Array($0.utf8)) == nil }
        if let own {
            return XMPSidecar(raw: prefix + own.name, identity: own.identity, sharers: [])
        }
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return nil }
        let stem = String(text[..<dot])
        let common = xmp(named: stem, stream) { pictures(of: $0, stream).isEmpty }
        guard let common else { return nil }
        // Who has one of its own lays no claim to this one. Where case makes no difference, the
        // same file answers to several names.
        let sharers = pictures(of: stem, stream).filter { other in
            guard let found = stream.status(of: Array(other.utf8)).map(FileIdentity.init),
                (found.device, found.inode) != (picture.device, picture.inode)
            else { return false }
            return stream.status(of: Array((other + SpoolName.xmpEnding).utf8)) == nil
        }
        return XMPSidecar(
            raw: prefix + common.name, identity: common.identity, sharers: sharers)
    }

    /// `name` with `.xmp`, else the same in another normal form, unless that belongs to another.
    private static func xmp(
        named name: String, _ stream: DirectoryStream, ifFree: (String) -> Bool
    ) -> (name: String, identity: FileIdentity)? {
        let names = [name] + Namesake.spellings(of: name).filter(ifFree)
        return names.lazy.compactMap { name in
            let file = name + SpoolName.xmpEnding
            return stream.status(of: Array(file.utf8)).map { (file, FileIdentity($0)) }
        }.first
    }

    /// File names of a picture's sidecars: its own, or where it has none those of its name in
    /// another normal form, unless they are another picture's own.
    static func sidecars(of name: String, _ isThere: (String) -> Bool) -> [String] {
        let own = SpoolName.sidecarEndings.map { name + $0 }.filter(isThere)
        guard own.isEmpty else { return own }
        return Namesake.spellings(of: name).filter { !isThere($0) }.flatMap { spelling in
            SpoolName.sidecarEndings.map { spelling + $0 }.filter(isThere)
        }
    }

    /// Files of that name with the ending of a picture. Asked by name, so that a directory of a
    /// hundred thousand files need not be held.
    static func pictures(of stem: String, _ stream: DirectoryStream) -> [String] {
        endings.map { "\(stem).\($0)" }.filter { stream.status(of: Array($0.utf8)) != nil }
    }

    private static let endings = ImageFormat.allCases.flatMap(\.extensions)
        .flatMap { [$0, $0.uppercased(), $0.capitalized] }.sorted()
}
