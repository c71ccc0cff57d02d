import Model
package import YAML

/// Keys of which several transports have some.
enum LoginKeys {
    static let user = OptionKey("user", .text)
    static let password = OptionKey("password", Password.shape)
    static let key = OptionKey("key", .credential)
    static let passphrase = OptionKey("passphrase", .credential)
    static let token = OptionKey("token", .credential)
    static let accessKey = OptionKey("access_key", .credential)
    static let secretKey = OptionKey("secret_key", .credential)
    static let sessionToken = OptionKey("session_token", .credential)
    static let ofS3 = [accessKey, secretKey, sessionToken]
}

extension Shape where Value == String {
    /// `credential:NAME`. A secret that was written out is not repeated in the message.
    package static var credential: Shape<String> {
        Shape { node, label, reader in
            if let text = node.text, text.hasPrefix("credential:") {
                let name = text.dropFirst("credential:".count)
                if RemoteName(rawValue: String(name)) != nil, !name.contains("/") {
                    return String(name)
                }
            }
            reader.report(
                node.place,
                "'\(label)' names a credential ('credential:NAME') and never holds the secret itself; "
                    + "if it was a real one, change it: this file has been read by others",
                code: "secret")
            return nil
        }
    }
}
