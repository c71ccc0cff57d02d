import Model
import Testing
import TransportsSupport
import YAML

@testable import Transports

@Suite struct RegistryTests {
    private func read(
        _ text: String, base: Destination? = nil, optional: Bool = false,
        registry: TransportRegistry = .standard
    ) throws(Problems) -> Destination? {
        let root = try Document(text, file: "p.yaml").root
        let reader = Reader()
        let destination = reader.mapping(root, "'deliver'") { keys in
            DestinationReader(registry, keys, base: base).destination(optional: optional)
        }
        _ = try reader.finish(true)
        return destination ?? nil
    }

    private func codes(_ text: String, optional: Bool = false) -> [String] {
        do throws(Problems) {
            _ = try read(text, optional: optional)
            return []
        } catch {
            return error.all.map(\.code)
        }
    }

    @Test func everySchemeIsOnesOwn() {
        let schemes = TransportRegistry.standard.schemes
        #expect(schemes == ["file", "http", "https", "sftp", "ftpes", "ftps", "ftp", "s3"])
        #expect(Set(schemes).count == schemes.count)
    }

    @Test func theSchemeSaysWhoReads() throws {
        let folder = try read("{to: \"file:///srv/img/\", mode: \"0640\", sessions: 5}")
        #expect(folder?.options as? FolderOptions == FolderOptions("/srv/img/", mode: 0o640))
        #expect(folder?.sessions == 5 && folder?.perMinute == nil)
        let web = try read("{to: \"http://a.example.com:81/x\", rate: 30/min}")
        #expect(web?.address.description == "http://a.example.com:81/x/")
        #expect(web?.options is HTTPOptions && web?.sessions == 2 && web?.perMinute == 30)
        #expect(web != folder && web == web)
    }

    /// What another transport knows is spelled right or told, and otherwise nobody's business.
    @Test func othersKeysAreKnown() throws {
        let plain = try read("{to: \"https://a.example.com/\"}")
        #expect(
            try read("{to: \"https://a.example.com/\", mode: \"0600\", finish: direct}") == plain)
        let misspelt = codes("{to: \"https://a.example.com/\", mode: x, moed: x}")
        #expect(misspelt == ["bad-value", "unknown-key"])
        #expect(codes("{to: \"gopher://a\", mode: x}") == ["bad-value", "bad-value"])
    }

    @Test func aLoginWhereNoneBelongsIsRefused() {
        #expect(codes("{to: \"file:///a/\", user: x}") == ["login"])
        #expect(codes("{to: \"file:///a/\", passphrase: credential:x}") == ["login"])
        #expect(codes("{to: \"https://a.example.com/\", key: credential:x}") == ["login"])
        #expect(codes("{to: \"https://a.example.com/\", passphrase: credential:x}") == ["login"])
        // Written out it is told once, and never repeated.
        #expect(codes("{to: \"https://a.example.com/\", key: hunter2}") == ["secret"])
        #expect(
            codes("{user: x, mode: x, rate: x}", optional: true) == [
                "missing-key", "missing-key", "missing-key",
            ])
    }

    @Test func ftpIsInClearOnlyWhereItIsSaid() throws {
        let login = "user: shop, password: credential:p"
        let explicit = try read("{to: \"ftpes://a.example.com/in/\", \(login)}")
        let options = try #require(explicit?.options as? FTPOptions)
        #expect(options.protection == .explicit && options.cautions.isEmpty)
        #expect(codes("{to: \"ftp://a.example.com/\", \(login)}") == ["clear-text"])
        let plain = try read("{to: \"ftp://a.example.com/\", plain_text: true, \(login)}")
        #expect(plain?.options.cautions.count == 1)
        #expect(
            codes("{to: \"ftps://a.example.com/\", plain_text: true, \(login)}") == ["clear-text"])
        #expect(
            codes("{to: \"ftp://a.example.com/\", plain_text: true, ca: credential:c, \(login)}")
                == ["login"])
        #expect(
            codes("{to: \"ftps://a.example.com/\", token: credential:t}") == [
                "missing-key", "missing-key", "login",
            ])
        #expect(
            codes(
                "{to: \"ftps://a.example.com/\", user: \"a\\r\\nDELE b\", password: credential:p}")
                == ["login"])
    }

    @Test func whomToBelieveOverTLS() throws {
        let pin = "SHA256:\(String(repeating: "A", count: 43))"
        let keys = """
            ca: credential:c, tls_pin: "\(pin)", client_certificate: credential:m, client_key: credential:k
            """
        let expected = TLSOptions(authorities: "c", pins: [pin], certificate: "m", key: "k")
        let web = try read("{to: \"https://a.example.com/\", \(keys)}")
        #expect((web?.options as? HTTPOptions)?.tls == expected)
        #expect(Set(web?.options.credentials ?? []) == ["c", "m", "k"])
        let files = try read(
            "{to: \"ftps://a.example.com/\", user: u, password: credential:p, \(keys)}")
        #expect((files?.options as? FTPOptions)?.tls == expected)
        #expect(codes("{to: \"https://a.example.com/\", tls_pin: abc}") == ["bad-value"])
        #expect(
            codes("{to: \"https://a.example.com/\", client_key: credential:k}") == ["missing-key"])
        #expect(codes("{to: \"http://a.example.com/\", \(keys)}").contains("login"))
    }

    @Test func headersOfOnesOwnEndWhereTheyEnd() throws {
        for header in ["X-A: \"a\\r\\nHost: b\"", "\"X\\r\\nY\": a", "X: \"\"", "\"\": a"] {
            #expect(codes("{to: \"https://a.example.com/\", headers: {\(header)}}").count == 1)
        }
        let web = try read("{to: \"https://a.example.com/\", headers: {X-A: credential:k, X-B: b}}")
        #expect(web?.options.credentials == ["k"])
        let clear = "{to: \"http://a.example.com/\", headers: {X-A: credential:k}}"
        #expect(codes(clear) == ["clear-text"])
        // A feed there goes along under the same name, and as itself.
        let feed = try read("{to: \"https://a.example.com/feeds/\"}", base: web)
        #expect(feed?.options.credentials == ["k"])
    }

    @Test func aFeedOnTheSameServerSharesMannerAndLogin() throws {
        let pin = "SHA256:\(String(repeating: "A", count: 43))"
        let base = try read(
            """
            {to: "sftp://a.example.com/in/", user: shop, key: credential:k,
             host_keys: ["\(pin)"], finish: direct, sessions: 7, rate: 9/min}
            """)
        let feed = try read("{to: \"sftp://a.example.com/feeds/\"}", base: base)
        var options = try #require(base?.options as? SFTPOptions)
        options.address.path = "/feeds/"
        #expect(feed == Destination(options, sessions: 7, perMinute: 9))
        let own = try read(
            "{to: \"sftp://a.example.com/f/\", user: me, password: credential:p}", base: base)
        let login = try #require(own?.options as? SFTPOptions)
        #expect(login.key == nil && login.password == .credential("p") && login.hostKeys == [pin])
        // Another server is another login, and there is none.
        #expect(throws: Problems.self) {
            try read("{to: \"sftp://b.example.com/\"}", base: base)
        }
        #expect(try read("{}", base: base, optional: true) == base)
    }

    /// A test brings a transport of its own, and the profile language has it.
    @Test func aRegistryIsAValue() async throws {
        let fake = FakeReader()
        let registry = TransportRegistry([fake])
        let text = "{to: \"fake://shop/in/\", user: x}"
        #expect(codes(text) == ["bad-value"])
        let destination = try #require(try read(text, registry: registry))
        let transport = try destination.options.makeTransport(
            TransportMeans(credentials: Credentials(directory: "/nowhere", systemd: nil)))
        try await transport.remove(try remote("a.jpg"))
        #expect(fake.remote("shop").calls.map(\.description) == ["remove a.jpg"])
        #expect(fake.remote("other").calls.isEmpty)
    }
}
