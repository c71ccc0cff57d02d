private import CVips
import Foundation
import Model

/// Makes the one block of metadata that a rendition may carry: XMP with the texts to keep, which
/// every format we write can hold and which search engines and archives read. The bytes depend on
/// the texts alone, never on a library's version.
enum MetadataWriter {
    /// Nil where there is nothing to keep. Fits JPEG's single segment of 65,502 bytes whatever the
    /// texts are.
    /// - Parameter kept: `KeptField` → text; what is no `KeptField` is left out.
    static func packet(for kept: [String: String]) -> Data? {
        let lines = KeptField.allCases.compactMap { field in
            kept[field.rawValue].flatMap { ForeignText.clean($0) }.map { line(field, escaped($0)) }
        }
        guard !lines.isEmpty else { return nil }
        return Data((head + lines.joined() + tail).utf8)
    }

    private static let head = """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about=""
         xmlns:dc="\(XMPNamespace.dc.rawValue)"
         xmlns:xmpRights="\(XMPNamespace.rights.rawValue)"
         xmlns:photoshop="\(XMPNamespace.photoshop.rawValue)"
         xmlns:Iptc4xmpExt="\(XMPNamespace.iptc.rawValue)">

        """

    private static let tail = """
        </rdf:Description>
        </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="r"?>
        """

    private static func line(_ field: KeptField, _ text: String) -> String {
        let language = "<rdf:Alt><rdf:li xml:lang=\"x-default\">\(text)</rdf:li></rdf:Alt>"
        return switch field {
        case .copyright: "<dc:rights>\(language)</dc:rights>\n"
        case .credit: "<photoshop:Credit>\(text)</photoshop:Credit>\n"
        case .creator: "<dc:creator><rdf:Seq><rdf:li>\(text)</rdf:li></rdf:Seq></dc:creator>\n"
        case .usageTerms: "<xmpRights:UsageTerms>\(language)</xmpRights:UsageTerms>\n"
        case .digitalSourceType:
            "<Iptc4xmpExt:DigitalSourceType>\(text)</Iptc4xmpExt:DigitalSourceType>\n"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }
}

extension Picture {
    /// Lets it carry this packet and no other into the next file it is saved to.
    /// - Note: only for a picture that nobody else holds: libvips shares fields among copies.
    func carry(_ packet: Data) {
        packet.withUnsafeBytes { bytes in
            vips_image_set_blob_copy(pointer, "xmp-data", bytes.baseAddress, bytes.count)
        }
    }
}
