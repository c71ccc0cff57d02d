extension String {
    /// As it is typed after a command: quoted where a shell would take it for something else.
    package var shellWord: String {
        let plain =
            !isEmpty && first != "-"
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x25, 0x2B...0x3A, 0x3D, 0x40...0x5A, 0x5F, 0x61...0x7A: true
                default: byte >= 0x80
                }
            }
        return plain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}

extension Asset {
    /// As `withdraw` and `reinstate` take it.
    package var commandArguments: String {
        "\(sku.shellWord) --view \(view.shellWord) --number \(number)"
            + (variant.isEmpty ? "" : " --variant \(variant.shellWord)")
    }
}
