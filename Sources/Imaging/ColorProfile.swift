import CLCMS
import Foundation
import Model

/// What an embedded ICC profile says of itself (ICC.1:2022). Foreign bytes: everything is read
/// within bounds, and what is missing reads as empty.
struct ColorProfile {
    /// For what colours: `RGB`, `CMYK`, `GRAY`, `Lab`. Header, bytes 16 to 19.
    let space: String
    let name: String
    /// What its `cicp` tag says (ICC.1:2022, 9.2.17), which profiles for HDR have.
    let codes: CodePoints?
    /// Little CMS, which is to use it, can.
    let isGenuine: Bool

    init(_ bytes: Data) {
        let bytes = Data(bytes)
        // A header that says more than there is: the end is missing, whatever still opens.
        isGenuine = (Self.number(bytes, 0) ?? .max) <= bytes.count && Self.opens(bytes)
        space = Self.text(bytes, 16, 4)
        codes = Self.codes(in: bytes)
        name = Self.description(in: bytes) ?? "unnamed"
    }

    /// Opening reads a table of contents only: whether what is listed is there shows when it is to
    /// be used.
    private static func opens(_ bytes: Data) -> Bool {
        let opened = bytes.withUnsafeBytes {
            cmsOpenProfileFromMem($0.baseAddress, UInt32($0.count))
        }
        guard let opened else { return false }
        defer { cmsCloseProfile(opened) }
        return cmsIsIntentSupported(
            opened, UInt32(INTENT_RELATIVE_COLORIMETRIC), UInt32(LCMS_USED_AS_INPUT)) != 0
    }

    /// Where a tag's value begins.
    private static func place(of tag: String, in bytes: Data) -> Int? {
        let tags = min(number(bytes, 128) ?? 0, 100)
        let index = (0..<tags).first { text(bytes, 132 + 12 * $0, 4) == tag }
        return index.flatMap { number(bytes, 136 + 12 * $0) }.flatMap {
            $0 < bytes.count ? $0 : nil
        }
    }

    /// The `desc` tag: text in profiles of version 2, texts of several languages in version 4.
    private static func description(in bytes: Data) -> String? {
        guard let start = place(of: "desc", in: bytes) else { return nil }
        let found =
            text(bytes, start, 4) == "mluc"
            ? localized(bytes, start)
            : number(bytes, start + 8).map { text(bytes, start + 12, min($0, 200)) }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func codes(in bytes: Data) -> CodePoints? {
        place(of: "cicp", in: bytes).flatMap { number(bytes, $0 + 8) }.map {
            CodePoints(primaries: $0 >> 24, transfer: $0 >> 16 & 255)
        }
    }

    /// The first language's text, UTF-16.
    private static func localized(_ bytes: Data, _ start: Int) -> String? {
        guard let length = number(bytes, start + 20), let offset = number(bytes, start + 24),
            offset < bytes.count
        else { return nil }
        let from = start + offset
        let to = min(from + min(length, 400), bytes.count)
        guard from < to else { return nil }
        return String(bytes: bytes[from..<to], encoding: .utf16BigEndian).map(printable)
    }

    private static func number(_ bytes: Data, _ at: Int) -> Int? {
        guard at >= 0, at + 4 <= bytes.count else { return nil }
        return bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ bytes: Data, _ at: Int, _ count: Int) -> String {
        guard at >= 0, at < bytes.count else { return "" }
        let part = bytes[at..<min(at + count, bytes.count)]
        return printable(String(decoding: part, as: UTF8.self))
    }

    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(100).filter {
                $0.value >= 32 && $0.value != 127 && $0.value != 0xFFFD
            }.map(Character.init)
        ).trimmingCharacters(in: .whitespaces)
    }
}
