import Curl
import Model
import YAML

/// Where a password comes from.
package enum Password: Sendable, Hashable, CustomStringConvertible {
    /// The name of a credential.
    case credential(String)
    /// The path of a program that prints one which lives for a short time.
    case program(String)

    var credential: String? {
        if case .credential(let name) = self { name } else { nil }
    }

    var program: String? {
        if case .program(let path) = self { path } else { nil }
    }

    /// As the profile says it, for messages.
    package var description: String {
        switch self {
        case .credential(let name): name
        case .program(let path): "run: \(path)"
        }
    }

    /// - Parameter make: of the password.
    func source(
        _ means: TransportMeans, _ make: @escaping @Sendable (Secret) -> Transfer.Login
    ) throws(DeliveryError) -> LoginSource {
        switch self {
        case .credential(let name): .fixed(make(try means.credentials.secret(name)))
        case .program(let path):
            .printed(by: PasswordProgram(path, patience: means.timeouts.connect), make)
        }
    }

    /// `credential:NAME` or `{run: /path/to/program}`
    static let shape = Shape<Password> { node, label, reader in
        guard node.entries != nil else {
            return Shape<String>.credential.read(node, label, reader).map(Password.credential)
        }
        return reader.mapping(node, "'\(label)'") { keys in
            keys.required("run", Self.path).map(Password.program)
        } ?? nil
    }

    private static let path = Shape<String>(
        expects: "the whole path of a program, such as /usr/local/bin/partner-password"
    ) { text in
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return text.hasPrefix("/") && !text.hasSuffix("/") && isPlain ? text : nil
    }
}

/// As whom one logs in.
enum LoginSource: Sendable {
    case fixed(Transfer.Login)
    /// With another password each time.
    case printed(by: PasswordProgram, @Sendable (Secret) -> Transfer.Login)

    /// After a refusal another one may be taken.
    var isRenewed: Bool {
        if case .printed = self { true } else { false }
    }

    func login() async throws(CurlFailure) -> Transfer.Login {
        switch self {
        case .fixed(let login): login
        case .printed(let program, let make): make(try await program.run())
        }
    }
}
