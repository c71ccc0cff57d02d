private import CVips
private import Foundation
import Model

/// Reads what pictures and the `.xmp` files beside them say of themselves: XMP, IPTC-IIM and EXIF.
/// Where one field is in several of them, XMP is believed before IIM and IIM before EXIF, as the
/// Metadata Working Group advises; dates of use all count. Everything is bounded, and a block that
/// cannot be read is a problem for people, never the end of the picture: whether its absence closes
/// a gate is for the channels.
enum MetadataReader {
    /// Bytes of one block in a picture. Adobe's programs have written megabytes of history.
    static let blockLimit = 4 << 20
    /// Bytes of an `.xmp` file.
    static let sidecarLimit = 1 << 20

    /// - Parameters:
    ///   - picture: just opened; only its header is read.
    ///   - file: the whole file, where the picture is a TIFF: its EXIF lies all over it.
    static func read(_ picture: Picture, tiff file: String? = nil) -> PictureMetadata {
        var found = PictureMetadata()
        for field in picture.fields(like: "xmp-data", "heif-mime-") {
            block("XMP", picture.block(field), &found) { (bytes, found) throws(Unreadable) in
                try XMPFields.read(bytes, into: &found)
            }
        }
        for field in picture.fields(like: "iptc-data", "photoshop-data") {
            block("IPTC", picture.block(field), &found) { (bytes, found) throws(Unreadable) in
                try IIM.read(bytes, into: &found)
            }
        }
        for field in picture.fields(like: "png-comment-") where IIM.isWritten(in: field) {
            block("IPTC", picture.text(field), &found) { (bytes, found) throws(Unreadable) in
                try IIM.read(hexadecimal: bytes, into: &found)
            }
        }
        readEXIF(picture, tiff: file, into: &found)
        found.density = picture.density
        return found
    }

    private static func readEXIF(
        _ picture: Picture, tiff file: String?, into found: inout PictureMetadata
    ) {
        if let file {
            let whole = try? Data(contentsOf: URL(filePath: file), options: .alwaysMapped)
            if let whole { EXIF(file: whole)?.read(into: &found) }
            return
        }
        block("EXIF", picture.block("exif-data"), &found) { (bytes, found) throws(Unreadable) in
            guard let exif = EXIF(block: bytes) else {
                throw Unreadable("it does not begin as EXIF does")
            }
            exif.read(into: &found)
        }
    }

    /// Kinds of metadata in a finished file, for its receipt: `KeptField`s, and `icc`, `position`,
    /// `serial`, `thumbnail`, `other` for what should not be there.
    static func kinds(in picture: Picture) -> [String] {
        let found = read(picture)
        var kinds = KeptField.allCases.map(\.rawValue).filter { found.kept[$0] != nil }
        if picture.profile != nil { kinds.append("icc") }
        if found.hasPosition { kinds.append("position") }
        if found.hasSerialNumber { kinds.append("serial") }
        if found.hasThumbnail { kinds.append("thumbnail") }
        let packets = picture.fields(like: "xmp-data", "heif-mime-").map(picture.block)
        // Whatever is not what we would have written is more than that.
        let isOurs = packets.allSatisfy { $0 == MetadataWriter.packet(for: found.kept) }
        let exif = picture.block("exif-data").map { EXIF(block: $0)?.isTechnical ?? false } ?? true
        let others = picture.fields(like: "iptc-data", "photoshop-data", "png-comment-")
        if !isOurs || !exif || !others.isEmpty { kinds.append("other") }
        return kinds
    }

    /// - Throws: `unreadable` for what is no XMP; `resources` where the file cannot be read.
    static func read(sidecar path: String) throws(Refusal) -> PictureMetadata {
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: sidecarLimit + 1) ?? Data()
        } catch {
            throw Refusal(.resources, "cannot read '\(path)': \(error.localizedDescription)")
        }
        guard bytes.count <= sidecarLimit else {
            throw Refusal(
                .unreadable,
                "the .xmp file is larger than \(sidecarLimit >> 20) MiB: export it again without"
                    + " its history")
        }
        var found = PictureMetadata()
        do throws(Unreadable) {
            try XMPFields.read(bytes, into: &found)
        } catch {
            throw Refusal(
                .unreadable, "the .xmp file cannot be read (\(error.why)): export it again")
        }
        return found
    }

    /// Why a block of metadata says nothing, in words that follow a colon.
    struct Unreadable: Error {
        let why: String

        init(_ why: String) { self.why = why }
    }

    private static func block(
        _ name: String, _ bytes: Data?, _ found: inout PictureMetadata,
        _ read: (Data, inout PictureMetadata) throws(Unreadable) -> Void
    ) {
        guard let bytes, !bytes.isEmpty else { return }
        do throws(Unreadable) {
            guard bytes.count <= blockLimit else {
                throw Unreadable(
                    "it has \(bytes.count) bytes, more than \(blockLimit >> 20) MiB")
            }
            try read(bytes, &found)
        } catch {
            found.problems.append("the picture's \(name) was not read: \(error.why)")
        }
    }
}

extension PictureMetadata {
    /// Takes the text unless a source that is believed before this one has spoken.
    mutating func keep(_ field: KeptField, _ text: String?) {
        guard let text, kept[field.rawValue] == nil else { return }
        kept[field.rawValue] = text
    }

    /// Each once, and not without end.
    mutating func add(_ texts: [String], _ list: WritableKeyPath<PictureMetadata, [String]>) {
        for text in texts where self[keyPath: list].count < Self.most {
            if !self[keyPath: list].contains(text) { self[keyPath: list].append(text) }
        }
    }

    /// Items of one list; more are no metadata but an attack.
    static let most = 20
}

extension Picture {
    /// Names of what libvips has read that begin so, in its order.
    fileprivate func fields(like beginnings: String...) -> [String] {
        guard let list = vips_image_get_fields(pointer) else { return [] }
        defer { sluice_vips_free_list(list) }
        var found: [String] = []
        var next = list
        while let name = next.pointee, found.count < PictureMetadata.most {
            let name = String(cString: name)
            if beginnings.contains(where: { name.hasPrefix($0) }) { found.append(name) }
            next += 1
        }
        return found
    }

    fileprivate func text(_ field: String) -> Data? {
        var text: UnsafePointer<CChar>?
        guard vips_image_get_string(pointer, field, &text) == 0, let text else { return nil }
        return Data(bytes: text, count: strlen(text))
    }

    /// A block of metadata as it lies in the file.
    fileprivate func block(_ field: String) -> Data? {
        guard vips_image_get_typeof(pointer, field) != 0 else { return nil }
        var bytes: UnsafeRawPointer?
        var count = 0
        guard vips_image_get_blob(pointer, field, &bytes, &count) == 0, let bytes else {
            return nil
        }
        return Data(bytes: bytes, count: count)
    }

    /// Pixels per inch. Where the file says nothing, libvips says one per millimetre, for png 2.834 and
    /// for jpeg 72 to an inch without naming inches.
    var density: Double? {
        let perMillimetre = vips_image_get_xres(pointer)
        let namesUnit = vips_image_get_typeof(pointer, "resolution-unit") != 0
        let isInvented =
            perMillimetre == 1 || abs(perMillimetre - 2.834) < 1e-9
            || !namesUnit && abs(perMillimetre - 72 / 25.4) < 1e-9
        guard perMillimetre.isFinite, perMillimetre > 0, !isInvented else { return nil }
        return (perMillimetre * 25.4 * 100).rounded() / 100
    }
}
