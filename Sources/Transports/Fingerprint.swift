import YAML

extension Shape where Value == String {
    /// `SHA256:` and base64 of 32 bytes without padding, as ssh-keygen -l prints it.
    static func fingerprint(_ expects: String) -> Shape<String> {
        Shape(expects: expects) { text in
            let digest = text.dropFirst("SHA256:".count)
            let fits =
                digest.utf8.count == 43
                && digest.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "/")
                }
            return text.hasPrefix("SHA256:") && fits ? text : nil
        }
    }
}
