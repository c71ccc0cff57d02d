private import CXMP
import Foundation
import Model

/// A field of XMP: a property of one namespace.
struct XMPName: Hashable {
    let namespace: XMPNamespace
    let name: String

    init(_ namespace: XMPNamespace, _ name: String) {
        self.namespace = namespace
        self.name = name
    }
}

enum XMPNamespace: String, CaseIterable {
    case dc = "http://purl.org/dc/elements/1.1/"
    case rights = "http://ns.adobe.com/xap/1.0/rights/"
    case basic = "http://ns.adobe.com/xap/1.0/"
    case photoshop = "http://ns.adobe.com/photoshop/1.0/"
    case iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    case plus = "http://ns.useplus.org/ldf/xmp/1.0/"
    case prism = "http://prismstandard.org/namespaces/prismusagerights/2.1/"
    case exif = "http://ns.adobe.com/exif/1.0/"
    case exifExtended = "http://cipa.jp/exif/1.0/"
    case camera = "http://ns.adobe.com/exif/1.0/aux/"

    var prefix: String {
        switch self {
        case .dc: "dc"
        case .rights: "xmpRights"
        case .basic: "xmp"
        case .photoshop: "photoshop"
        case .iptc: "Iptc4xmpExt"
        case .plus: "plus"
        case .prism: "pur"
        case .exif: "exif"
        case .exifExtended: "exifEX"
        case .camera: "aux"
        }
    }
}

/// A parsed packet, and its owner. exempi catches the exceptions of the C++ below it; what it
/// cannot parse comes back as an error code.
struct XMPPacket: ~Copyable {
    private let packet: XmpPtr
    private let value: XmpStringPtr

    deinit {
        xmp_string_free(value)
        xmp_free(packet)
    }

    init(_ data: Data) throws(MetadataReader.Unreadable) {
        guard Self.isReady else { throw .init("the XMP library does not start") }
        let bytes = try XMPScan.checked(data)
        let parsed = bytes.withUnsafeBytes { all in
            xmp_new(all.baseAddress?.assumingMemoryBound(to: CChar.self), all.count)
        }
        guard let parsed else { throw .init(Self.reason(xmp_get_error())) }
        packet = parsed
        value = xmp_string_new()
    }

    /// One text: that for every language where there are several, all items of a list.
    func text(_ name: XMPName) -> String? {
        var kind: UInt32 = 0
        guard let plain = get(name, &kind) else { return nil }
        if kind & XMP_PROP_ARRAY_IS_ALTTEXT.rawValue != 0 {
            return localized(name) ?? texts(name).first
        }
        if kind & XMP_PROP_VALUE_IS_ARRAY.rawValue != 0 {
            return ForeignText.clean(texts(name).joined(separator: "; "))
        }
        return plain
    }

    /// The items of a list, or the one value where a list should be.
    func texts(_ name: XMPName) -> [String] {
        var kind: UInt32 = 0
        guard let plain = get(name, &kind) else { return [] }
        guard kind & XMP_PROP_VALUE_IS_ARRAY.rawValue != 0 else { return [plain] }
        return items(name) { ForeignText.clean($0) }.compactMap(\.self)
    }

    /// One field of each of the structures in a list.
    func texts(_ name: XMPName, each field: XMPName) -> [String] {
        let prefix = name.namespace.prefix
        let count = items(name, { $0 }).count
        return (1...max(1, count)).prefix(count).compactMap { index in
            let path = "\(prefix):\(name.name)[\(index)]/\(field.namespace.prefix):\(field.name)"
            var kind: UInt32 = 0
            return get(XMPName(name.namespace, path), &kind)
        }
    }

    func has(_ name: XMPName) -> Bool {
        xmp_has_property(packet, name.namespace.rawValue, name.name)
    }

    private func get(_ name: XMPName, _ kind: inout UInt32) -> String? {
        guard xmp_get_property(packet, name.namespace.rawValue, name.name, value, &kind) else {
            return nil
        }
        let composite = XMP_PROP_COMPOSITE_MASK.rawValue
        return kind & composite != 0 ? "" : ForeignText.clean(current)
    }

    private func items<Item>(_ name: XMPName, _ read: (String) -> Item) -> [Item] {
        var found: [Item] = []
        var kind: UInt32 = 0
        while found.count < PictureMetadata.most,
            xmp_get_array_item(
                packet, name.namespace.rawValue, name.name, Int32(found.count + 1), value, &kind)
        {
            found.append(read(current))
        }
        return found
    }

    private func localized(_ name: XMPName) -> String? {
        var kind: UInt32 = 0
        guard
            xmp_get_localized_text(
                packet, name.namespace.rawValue, name.name, "", "x-default", nil, value, &kind)
        else { return nil }
        return ForeignText.clean(current)
    }

    private var current: String {
        xmp_string_cstr(value).map { String(cString: $0) } ?? ""
    }

    private static func reason(_ code: Int32) -> String {
        switch XMPErrors(code) {
        case .xml: "it is no well-formed XML"
        case .rdf, .xmp: "it is no XMP"
        case .unicode: "its characters are broken"
        case nil: "the XMP library says \(code)"
        }
    }

    /// Prefixes are the process's: ours are there before any packet can claim them for others.
    private static let isReady: Bool = {
        guard xmp_init(), let registered = xmp_string_new() else { return false }
        defer { xmp_string_free(registered) }
        return XMPNamespace.allCases.allSatisfy { namespace in
            xmp_register_namespace(namespace.rawValue, namespace.prefix, registered)
                && xmp_string_cstr(registered).map { String(cString: $0) } == namespace.prefix + ":"
        }
    }()
}

/// The errors of Adobe's toolkit that a bad packet causes.
private enum XMPErrors {
    case xml, rdf, xmp, unicode

    init?(_ code: Int32) {
        switch code {
        case -201: self = .xml
        case -202: self = .rdf
        case -203: self = .xmp
        case -205: self = .unicode
        default: return nil
        }
    }
}

/// What we want to know, by the names of XMP.
enum XMPFields {
    private static let kept: [(KeptField, XMPName)] = [
        (.copyright, XMPName(.dc, "rights")),
        (.credit, XMPName(.photoshop, "Credit")),
        (.creator, XMPName(.dc, "creator")),
        (.usageTerms, XMPName(.rights, "UsageTerms")),
        (.digitalSourceType, XMPName(.iptc, "DigitalSourceType")),
    ]
    private static let from = [
        XMPName(.plus, "LicenseStartDate"), XMPName(.prism, "embargoDate"),
    ]
    private static let until = [
        XMPName(.plus, "LicenseEndDate"), XMPName(.prism, "expirationDate"),
    ]
    private static let positions = [
        XMPName(.exif, "GPSLatitude"), XMPName(.exif, "GPSLongitude"),
    ]
    private static let serials = [
        XMPName(.camera, "SerialNumber"), XMPName(.camera, "LensSerialNumber"),
        XMPName(.exifExtended, "BodySerialNumber"), XMPName(.exifExtended, "LensSerialNumber"),
    ]

    static func read(
        _ data: Data, into found: inout PictureMetadata
    ) throws(MetadataReader.Unreadable) {
        let packet = try XMPPacket(data)
        for (field, name) in kept { found.keep(field, packet.text(name)) }
        for name in from { found.add(packet.texts(name), \.usableFrom) }
        for name in until { found.add(packet.texts(name), \.usableUntil) }
        let constraints = packet.texts(XMPName(.plus, "ImageAlterationConstraints"))
        found.add(constraints.map(constraint), \.constraints)
        found.add(
            packet.texts(XMPName(.iptc, "ProductInImage"), each: XMPName(.iptc, "ProductGTIN")),
            \.gtins)
        found.title = found.title ?? packet.text(XMPName(.dc, "title"))
        if positions.contains(where: { packet.has($0) }) { found.hasPosition = true }
        if serials.contains(where: { packet.has($0) }) { found.hasSerialNumber = true }
        if packet.has(XMPName(.basic, "Thumbnails")) { found.hasThumbnail = true }
    }

    /// PLUS writes its terms as addresses, `http://ns.useplus.org/ldf/vocab/AL-CRP`; people write
    /// the end of one.
    private static func constraint(_ text: String) -> String {
        (text.split(separator: "/").last ?? text[...]).prefix(64).uppercased()
    }
}
