/// The character references of HTML, as shops export them in texts.
enum Entities {
    /// Decodes once: what was encoded twice is somebody's mistake, and is left to be seen. What is
    /// no reference, such as the `&` in `R&D`, stays as it is.
    static func decode(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        return text.replacing(/&(#[0-9A-Fa-fxX]{1,8}|[A-Za-z0-9]{2,8});/) { match in
            character(String(match.1)) ?? String(match.0)
        }
    }

    private static func character(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return named[name].map(String.init) }
        let digits = name.dropFirst()
        let number =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, number >= 0x20 || blanks.contains(number),
            let scalar = Unicode.Scalar(number)
        else { return nil }
        return String(Character(scalar))
    }

    /// Tab and line ends: what of the control characters a text may hold.
    private static let blanks: Set<UInt32> = [0x9, 0xA, 0xD]

    /// HTML 4's names without its mathematics and Greek.
    private static let named: [String: Unicode.Scalar] = {
        var named: [String: Unicode.Scalar] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "Tab": "\t",
            "NewLine": "\n",
        ]
        for (offset, name) in latin.split(separator: " ").enumerated() {
            named[String(name)] = Unicode.Scalar(0xA0 + UInt32(offset))
        }
        for (name, scalar) in others { named[name] = scalar }
        return named
    }()

    /// U+00A0 to U+00FF, in order.
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
        deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 \
        iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml \
        Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
        Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
        egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde \
        ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    private static let others: [String: Unicode.Scalar] = [
        "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ", "fnof": "ƒ",
        "circ": "ˆ", "tilde": "˜", "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}",
        "zwnj": "\u{200C}", "zwj": "\u{200D}", "ndash": "–", "mdash": "—", "lsquo": "‘",
        "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "dagger": "†",
        "Dagger": "‡", "bull": "•", "hellip": "…", "permil": "‰", "prime": "′", "Prime": "″",
        "lsaquo": "‹", "rsaquo": "›", "euro": "€", "trade": "™", "larr": "←", "rarr": "→",
        "minus": "−", "ne": "≠", "le": "≤", "ge": "≥", "infin": "∞", "asymp": "≈",
    ]
}
