private import Foundation

/// An authority of one's own, with a certificate for 127.0.0.1 and one for a client. As PEM files.
package struct TestCertificate: Sendable {
    package let authority: String
    package let certificate: String
    package let key: String
    /// Of another name, signed by the same authority.
    package let clientCertificate: String
    package let clientKey: String
    /// `SHA256:…` of the server's public key.
    package let pin: String

    /// What may be wrong with the server's.
    package enum Flaw: Sendable {
        case expired, otherName, selfSigned
    }

    private static let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    package init(in directory: TemporaryDirectory, flaw: Flaw? = nil) throws {
        authority = directory.path("ca.pem")
        certificate = directory.path("cert.pem")
        key = directory.path("cert.key")
        clientCertificate = directory.path("client.pem")
        clientKey = directory.path("client.key")
        try Self.openssl(
            ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=Test authority"] + Self.curve
                + ["-keyout", directory.path("ca.key"), "-out", authority])
        let name = flaw == .otherName ? "DNS:other.example.com" : "IP:127.0.0.1"
        try Self.sign("cert", name, directory, days: flaw == .expired ? -1 : 2)
        if flaw == .selfSigned {
            try Self.openssl([
                "req", "-x509", "-days", "2", "-subj", "/CN=cert", "-addext",
                "subjectAltName=\(name)", "-key", key, "-out", certificate,
            ])
        }
        try Self.sign("client", "DNS:client.example.com", directory)
        let der = directory.path("cert.der")
        try Self.openssl(["pkey", "-in", key, "-pubout", "-outform", "der", "-out", der])
        try Self.openssl(["dgst", "-sha256", "-binary", "-out", der + ".sha256", der])
        let digest = try Data(contentsOf: URL(fileURLWithPath: der + ".sha256"))
        pin = "SHA256:" + digest.base64EncodedString().replacing("=", with: "")
    }

    private static func sign(
        _ name: String, _ subject: String, _ directory: TemporaryDirectory, days: Int = 2
    ) throws {
        let request = directory.path("\(name).csr")
        let extensions = try directory.write("subjectAltName=\(subject)\n", to: "\(name).ext")
        try openssl(
            ["req", "-nodes", "-subj", "/CN=\(name)"] + curve
                + ["-keyout", directory.path("\(name).key"), "-out", request])
        try openssl([
            "x509", "-req", "-in", request, "-CA", directory.path("ca.pem"), "-CAkey",
            directory.path("ca.key"), "-CAcreateserial", "-days", "\(days)", "-extfile",
            extensions, "-out", directory.path("\(name).pem"),
        ])
    }

    private static func openssl(_ arguments: [String]) throws {
        try Tool.run("openssl", arguments, package: "openssl")
    }
}
