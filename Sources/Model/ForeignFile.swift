/// What a file is whose first bytes are those of no picture that is read here, and what a person
/// does about it. Said in the same words by `check`, `preflight`, the quarantine and the workers.
package struct ForeignFile: Hashable, Sendable {
    /// With its article: `a BMP`.
    package var name: String
    private var remedy: Remedy

    private enum Remedy: Hashable, Sendable {
        /// A picture, or a drawing that can be made one.
        case export, bigTIFF, raw
        case animation, video, archive, page, text, program, companion
        case empty, zeros, unknown
    }

    /// - Parameter head: the first `ImageFormat.head` bytes of the file, or all there are.
    package init(_ head: some Collection<UInt8>) {
        let bytes = Array(head.prefix(ImageFormat.head))
        (name, remedy) =
            Self.nothing(bytes) ?? Self.container(bytes) ?? Self.sign(of: bytes)
            ?? Self.text(bytes) ?? ("something that is not known here", .unknown)
    }

    /// A TIFF whose first page is the thumbnail of what a camera's sensor saw.
    package static let raw = ForeignFile(name: "a camera raw file", remedy: .raw)

    private init(name: String, remedy: Remedy) {
        self.name = name
        self.remedy = remedy
    }

    // MARK: In words

    /// `'a.jpg' is a BMP whatever its name says, which is not read here`
    package func what(of path: String) -> String {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let isMisnamed = ImageFormat.allCases.contains { $0.extensions.contains(ending) }
        let doubt = isMisnamed && isSure ? " whatever its name says" : ""
        return "'\(path)' is \(name)\(doubt)\(why)"
    }

    /// What a person does; lower case, no final stop.
    package var next: String {
        let formats = "JPEG, PNG, TIFF, WebP, AVIF or HEIC"
        return switch remedy {
        case .export, .unknown: "export it as \(formats)"
        case .bigTIFF: "save it as an ordinary TIFF, or export it as \(formats)"
        case .raw: "develop it, and export it as \(formats)"
        case .animation: "export one frame"
        case .video: "export one frame as \(formats)"
        case .archive: "unpack it, and deliver the pictures in it"
        case .page: "download the picture again; a server may have sent an error or a log-in page"
        case .text: "deliver the picture itself"
        case .program: "export the picture in it as \(formats)"
        case .companion: "deliver the file of the same name without '._'"
        case .empty, .zeros: "copy the file again; it is a copy that failed"
        }
    }

    /// In one sentence: what it is and what to do.
    package func told(of path: String) -> String { "\(what(of: path)): \(next)" }

    /// Of a file that need not be named: `this is a BMP, which is not read here: export it as ...`
    package var told: String { "this is \(name)\(why): \(next)" }

    /// It is not words, as a profile might be.
    package var isPlainText: Bool { remedy == .text }

    private var isSure: Bool { ![.empty, .zeros, .unknown].contains(remedy) }

    private var why: String {
        switch remedy {
        case .export, .bigTIFF, .raw: ", which is not read here"
        case .animation: ", and an animation is no still picture"
        case .video, .archive, .page, .text, .program, .companion: ", not a picture"
        case .empty, .zeros, .unknown: ""
        }
    }

    // MARK: By its first bytes

    private static func nothing(_ bytes: [UInt8]) -> (String, Remedy)? {
        guard let first = bytes.first else { return ("empty", .empty) }
        guard first == 0, bytes.allSatisfy({ $0 == 0 }) else { return nil }
        return ("nothing but zero bytes", .zeros)
    }

    private static func container(_ bytes: [UInt8]) -> (String, Remedy)? {
        if TIFFHead(bytes)?.isRaw == true { return (raw.name, raw.remedy) }
        guard let media = MediaBrand(bytes) else { return nil }
        return switch media {
        case .avif: ("an AVIF", .export)
        case .heic: ("a HEIC", .export)
        case .animatedAVIF: ("an animated AVIF", .animation)
        case .animatedHEIC: ("an animated HEIC", .animation)
        case .otherPicture: ("a HEIF with neither HEVC nor AV1 in it", .export)
        case .raw: ("a camera raw file (CR3)", .raw)
        case .quickTime: ("a MOV video", .video)
        case .video: ("an MP4 video", .video)
        }
    }

    private struct Sign {
        var bytes: [UInt8]
        var place = 0
        var name: String
        var remedy: Remedy

        init(_ bytes: [UInt8], at place: Int = 0, _ name: String, _ remedy: Remedy = .export) {
            self.bytes = bytes
            self.place = place
            self.name = name
            self.remedy = remedy
        }

        init(_ text: String, at place: Int = 0, _ name: String, _ remedy: Remedy = .export) {
            self.init(Array(text.utf8), at: place, name, remedy)
        }

        func fits(_ head: [UInt8]) -> Bool {
            head.count >= place + bytes.count
                && head[place..<place + bytes.count].elementsEqual(bytes)
        }
    }

    private static func sign(of bytes: [UInt8]) -> (String, Remedy)? {
        if let sign = signs.first(where: { $0.fits(bytes) }) { return (sign.name, sign.remedy) }
        let head = Array(bytes.prefix(32))
        // "BM" begins words too; the four bytes behind the size are reserved and zero.
        if Sign("BM", "").fits(head), head.count >= 10, head[6..<10].allSatisfy({ $0 == 0 }) {
            return ("a BMP", .export)
        }
        // Zero is reserved in the first entry.
        if Sign([0, 0, 1, 0], "").fits(head), head.count > 9, head[4] != 0, head[9] == 0 {
            return ("an ICO", .export)
        }
        let isNetpbm =
            head.count > 2 && head[0] == UInt8(ascii: "P")
            && (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(head[1]) && head[2] <= 0x20
        return isNetpbm ? ("a Netpbm picture", .export) : nil
    }

    private static let signs = [
        Sign([0x49, 0x49, 0x2B, 0], "a BigTIFF", .bigTIFF),
        Sign([0x4D, 0x4D, 0, 0x2B], "a BigTIFF", .bigTIFF),
        Sign([0, 0, 0, 12] + "JXL ".utf8, "a JPEG XL"), Sign([0xFF, 0x0A], "a JPEG XL"),
        Sign([0, 0, 0, 12] + "jP  ".utf8, "a JPEG 2000"),
        Sign([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000"),
        Sign([0x49, 0x49, 0xBC, 0x01], "a JPEG XR"),
        Sign("8BPS\0\u{1}", "a Photoshop document (PSD)"),
        Sign("8BPS\0\u{2}", "a large Photoshop document (PSB)"),
        Sign("8BPS", "a Photoshop document (PSD)"),
        Sign("FUJIFILMCCD-RAW", "a camera raw file (RAF)", .raw),
        Sign("IIRO", "a camera raw file (ORF)", .raw),
        Sign("IIRS", "a camera raw file (ORF)", .raw),
        Sign("MMOR", "a camera raw file (ORF)", .raw),
        Sign([0x49, 0x49, 0x55, 0], "a camera raw file (RW2)", .raw),
        Sign("HEAPCCDR", at: 6, "a camera raw file (CRW)", .raw),
        Sign("FOVb", "a camera raw file (X3F)", .raw),
        Sign([0] + "MRM".utf8, "a camera raw file (MRW)", .raw),
        Sign("%PDF", "a PDF"), Sign("%!PS-Adobe", "an EPS or Illustrator drawing"),
        Sign("%!PS", "a PostScript drawing"),
        Sign([0xC5, 0xD0, 0xD3, 0xC6], "an EPS or Illustrator drawing"),
        Sign([0x76, 0x2F, 0x31, 0x01], "an OpenEXR picture"),
        Sign("#?RADIANCE", "a Radiance picture (HDR)"), Sign("gimp xcf", "a GIMP document (XCF)"),
        Sign([0x06, 0x06, 0xED, 0xF5], "an InDesign document"),
        Sign([0] + "\u{FF}KA".unicodeScalars.map { UInt8($0.value) }, "an Affinity document"),
        Sign("DDS ", "a DDS texture"), Sign("qoif", "a QOI picture"),
        Sign([0x8A] + "MNG".utf8, "an animation (MNG)", .animation),
        Sign([0x1A, 0x45, 0xDF, 0xA3], "a video (Matroska or WebM)", .video),
        Sign("AVI ", at: 8, "an AVI video", .video),
        Sign([0x50, 0x4B, 3, 4], "a ZIP, or a document that is one", .archive),
        Sign([0x50, 0x4B, 5, 6], "an empty ZIP", .archive),
        Sign("Rar!", "a RAR archive", .archive),
        Sign([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive", .archive),
        Sign([0x1F, 0x8B], "a gzip archive", .archive),
        Sign("ustar", at: 257, "a tar archive", .archive),
        Sign([0xD0, 0xCF, 0x11, 0xE0], "an Office document", .program),
        Sign([0, 5, 0x16, 7], "a Mac's companion of another file", .companion),
    ]

    private static func text(_ bytes: [UInt8]) -> (String, Remedy)? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            // A byte in two is zero where it is English.
            return words(bytes.dropFirst(2).filter { $0 != 0 })
        }
        return words(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
    }

    private static func words(_ bytes: [UInt8]) -> (String, Remedy)? {
        let blanks: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D, 0x1B]
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || blanks.contains($0) }) else {
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace }
        if start.hasPrefix("%pdf") { return ("a PDF", .export) }
        guard start.hasPrefix("<") else {
            return start.hasPrefix("{") ? ("JSON", .text) : ("plain text", .text)
        }
        let page = ["<!doctype html", "<html", "<head", "<body", "<title", "<script"]
        let svg = text.firstRange(of: "<svg")?.lowerBound
        let html = page.compactMap { text.firstRange(of: $0)?.lowerBound }.min()
        // A page may show a drawing, and a drawing may run a script.
        if let svg, html ?? text.endIndex > svg { return ("an SVG drawing", .export) }
        return html == nil ? ("XML", .text) : ("a web page (HTML)", .page)
    }
}
