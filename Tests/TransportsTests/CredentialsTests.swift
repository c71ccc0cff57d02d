import Foundation
import Model
import Support
import Testing
import Transports
import TransportsSupport

@Suite struct CredentialsTests {
    private let folder: TemporaryDirectory
    private let credentials: Credentials

    init() throws {
        folder = try TemporaryDirectory()
        _ = try folder.makeDirectory("own")
        _ = try folder.makeDirectory("systemd")
        credentials = Credentials(
            directory: folder.path("own"), systemd: folder.path("systemd"))
    }

    private func refusal(_ name: String) throws -> String {
        let error = #expect(throws: DeliveryError.self) { try credentials.secret(name) }
        #expect(error?.remedy == .fixChannel)
        let message = try #require(error).message
        #expect(!message.contains("canary"))
        return message
    }

    @Test func aTextComesWithoutTheEditorsLineEnd() throws {
        try folder.write("canary word\n", to: "own/a")
        try folder.write("canary\r\n", to: "systemd/b")
        #expect(try credentials.secret("a") == Secret("canary word"))
        #expect(try credentials.secret("b") == Secret("canary"))
        #expect("\(try credentials.secret("a"))" == "•••")
    }

    @Test func theSameNameInBothPlacesIsAnError() throws {
        try folder.write("canary", to: "own/a")
        try folder.write("canary", to: "systemd/a")
        #expect(try refusal("a").contains("both hold it"))
    }

    @Test func missingAndEmptyAreSaid() throws {
        try folder.write("", to: "own/empty")
        try folder.write("\n", to: "own/line")
        #expect(try refusal("none").contains("there is no file '\(folder.path("own/none"))'"))
        #expect(try refusal("none").contains("'sluice credential none'"))
        #expect(try refusal("empty").contains("is empty"))
        #expect(try refusal("line").contains("is empty"))
    }

    @Test(arguments: [0o604, 0o620, 0o602, 0o644, 0o660])
    func filesOfOthersAreNotTrusted(mode: Int) throws {
        try folder.write("canary", to: "own/open", mode: mode)
        #expect(try refusal("open").contains("chmod 0640 \(folder.path("own/open"))"))
    }

    @Test(arguments: ["../own/a", "/etc/passwd", "", ".a", "a/b", "a\nb", "a b"])
    func namesStayInTheirDirectory(name: String) throws {
        try folder.write("canary", to: "own/a")
        #expect(try refusal(name).contains("a name is made of"))
    }

    @Test func aTextThatCouldBreakAHeaderIsRefused() throws {
        try folder.write("canary\r\nX-Evil: 1", to: "own/lines")
        try folder.write(Data([0x63, 0xFF, 0xFE]), to: "own/bytes")
        try folder.write("canary\0", to: "own/nul")
        #expect(try refusal("lines").contains("more than one line"))
        #expect(try refusal("bytes").contains("not UTF-8"))
        #expect(try refusal("nul").contains("control character"))
    }

    @Test func linksAndDirectoriesAreRefused() throws {
        try folder.write("canary", to: "own/a")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("own/link"), withDestinationPath: folder.path("own/a"))
        _ = try folder.makeDirectory("own/folder")
        #expect(try refusal("link").contains("is a link"))
        #expect(try refusal("folder").contains("not a plain file"))
    }

    @Test func theRevisionFollowsTheFiles() throws {
        let options = SFTPOptions(
            Target(DestinationAddress(scheme: "sftp", host: "h", path: "/")), key: "key",
            passphrase: "phrase")
        var seen: Set<String> = [credentials.revision(for: options)]
        #expect(seen.contains(credentials.revision(for: options)))
        try folder.write("one", to: "own/key")
        #expect(seen.insert(credentials.revision(for: options)).inserted)
        try folder.write("three", to: "own/key")
        #expect(seen.insert(credentials.revision(for: options)).inserted)
        try folder.write("phrase", to: "systemd/phrase")
        #expect(seen.insert(credentials.revision(for: options)).inserted)
        try folder.write("unrelated", to: "own/other")
        #expect(!seen.insert(credentials.revision(for: options)).inserted)
    }
}

/// What must be found before a server is asked: it answers all of these with the same error.
@Suite struct KeyTests {
    private let folder: TemporaryDirectory
    private let options = SFTPOptions(
        Target(DestinationAddress(scheme: "sftp", host: "feeds.example.com", path: "/in/")),
        user: "shop", key: "key", hostKeys: ["SHA256:x"])

    init() throws {
        folder = try TemporaryDirectory()
        _ = try folder.makeDirectory("credentials")
    }

    private func refusal(_ options: any TransportOptions) throws -> DeliveryError {
        try #require(throws: DeliveryError.self) { try make(options, in: folder) }
    }

    @Test func rsaIsRefusedInEveryForm() throws {
        let path = folder.path("credentials/key")
        try SFTPServer.makeKey(.rsa, at: path)
        #expect(try refusal(options).message.contains("it is RSA"))
        for form in ["PEM", "PKCS8"] {
            try Tool.run(
                "ssh-keygen", ["-q", "-p", "-N", "", "-P", "", "-m", form, "-f", path],
                package: "openssh-client")
            let error = try refusal(options)
            #expect(error.message.contains("ssh-keygen -t ed25519"), "\(form): \(error.message)")
            #expect(error.remedy == .fixChannel)
        }
    }

    @Test func anEncryptedKeyNeedsAPassphrase() throws {
        try SFTPServer.makeKey(
            .ecdsa, at: folder.path("credentials/key"), passphrase: "canary")
        let error = try refusal(options)
        #expect(error.message.contains("names no 'passphrase'"))
        #expect(error.remedy == .fixChannel)
        try folder.write("canary", to: "credentials/phrase")
        var options = options
        options.passphrase = "phrase"
        #expect(throws: Never.self) { try make(options, in: folder) }
    }

    @Test(arguments: [
        ("ssh-ed25519 AAAA me", "public half"), ("PuTTY-User-Key-File-3: x", "PuTTY"),
        ("hello", "no private key"), ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "damaged"),
        ("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n", "DSA PRIVATE KEY"),
    ])
    func whatIsNoKeyIsSaid(text: String, word: String) throws {
        try folder.write(text, to: "credentials/key")
        #expect(try refusal(options).message.contains(word))
    }

    @Test func anAddressMustSayEnough() throws {
        try SFTPServer.makeKey(.ed25519, at: folder.path("credentials/key"))
        #expect(throws: Never.self) { try make(options, in: folder) }
        for change: (inout SFTPOptions) -> Void in [
            { $0.hostKeys = [] }, { $0.user = nil }, { $0.key = nil },
            { $0.address.path = "/a/../b/" }, { $0.address.path = "/~/in/" },
            { $0.address.path = "in/" }, { $0.address.path = "/a\nb/" },
        ] {
            var wrong = options
            change(&wrong)
            #expect(try refusal(wrong).remedy == .fixProfile)
        }
        var absent = options
        absent.key = "nowhere"
        #expect(try refusal(absent).remedy == .fixChannel)
    }
}
