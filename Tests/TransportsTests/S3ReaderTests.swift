import Model
import Testing
import YAML

@testable import Transports

@Suite struct S3ReaderTests {
    private func read(
        _ text: String, base: Destination? = nil
    ) throws(Problems) -> Destination? {
        let root = try Document(text, file: "p.yaml").root
        let reader = Reader()
        let destination = reader.mapping(root, "'deliver'") { keys in
            DestinationReader(.standard, keys, base: base).destination(optional: false)
        }
        _ = try reader.finish(true)
        return destination ?? nil
    }

    private func codes(_ text: String) -> [String] {
        do throws(Problems) {
            _ = try read("{to: \"s3://shop/in/\", \(text)}")
            return []
        } catch {
            return error.all.map(\.code)
        }
    }

    private static let login = "access_key: credential:a, secret_key: credential:s"

    @Test func everythingIsRead() throws {
        let found = try read(
            """
            {to: "s3://shop.img/in/", endpoint: "https://minio.example.com:9000/s3/", region: auto,
             access_key: credential:a, secret_key: credential:s, session_token: credential:t,
             style: host, cache: "public, max-age=86400", public: "https://img.example.com/"}
            """)
        let address = DestinationAddress(scheme: "s3", host: "shop.img", path: "/in/")
        let options = S3Options(
            Target(address),
            endpoint: S3Endpoint(host: "minio.example.com", port: 9000, path: "/s3"),
            region: "auto", accessKey: "a", secretKey: "s", sessionToken: "t", style: .host,
            cache: "public, max-age=86400", publicBase: "https://img.example.com/")
        #expect(found?.options as? S3Options == options)
        #expect(options.credentials == ["a", "s", "t"])
        #expect(options.prefix == "in/" && options.bucket == "shop.img")
    }

    @Test func whomToBelieveOverTLS() throws {
        let pin = "SHA256:\(String(repeating: "A", count: 43))"
        let keys = """
            ca: credential:c, tls_pin: "\(pin)", client_certificate: credential:m, client_key: credential:k
            """
        let found = try read("{to: \"s3://shop/\", region: r, \(Self.login), \(keys)}")
        let options = try #require(found?.options as? S3Options)
        #expect(
            options.tls == TLSOptions(authorities: "c", pins: [pin], certificate: "m", key: "k"))
        #expect(Set(options.credentials) == ["a", "s", "c", "m", "k"])
        #expect(codes("region: r, \(Self.login), client_key: credential:k") == ["missing-key"])
        let clear = "endpoint: \"http://10.0.0.1\", allow_private: true, \(Self.login)"
        #expect(codes("\(clear), ca: credential:c") == ["login"])
    }

    /// A number for a bucket is no private address: nobody dials it.
    @Test func whereItIsFound() throws {
        func options(_ text: String) throws -> S3Options {
            try #require(try read("{\(text), \(Self.login)}")?.options as? S3Options)
        }
        let amazon = try options("to: \"s3://2026/\", region: eu-central-1")
        #expect(amazon.service.authority("2026") == "2026.s3.eu-central-1.amazonaws.com")
        #expect(amazon.shownStyle == .host && amazon.prefix == "")
        let dotted = try options("to: \"s3://img.example.com/\", region: cn-north-1")
        #expect(dotted.service.authority() == "s3.cn-north-1.amazonaws.com.cn")
        #expect(dotted.shownStyle == .path)
        let other = try options("to: \"s3://shop/\", endpoint: \"https://s3.example.com:443\"")
        #expect(other.service.authority() == "s3.example.com" && other.shownStyle == .path)
        #expect(other.signedRegion == "us-east-1")
    }

    @Test func mistakesAreTold() {
        let fine = "region: eu-central-1, \(Self.login)"
        #expect(codes(fine) == [])
        #expect(codes(Self.login) == ["missing-key"])
        #expect(codes("region: eu-central-1") == ["missing-key", "missing-key"])
        #expect(codes("\(fine), user: x") == ["login"])
        #expect(
            codes("region: eu-central-1, access_key: AKIA, secret_key: x") == ["secret", "secret"])
        #expect(codes("\(Self.login), endpoint: \"http://s3.example.com\"") == ["clear-text"])
        #expect(
            codes("\(Self.login), endpoint: \"https://10.0.0.5\"") == ["private-address"])
        #expect(
            codes("\(Self.login), endpoint: \"http://10.0.0.5\", allow_private: true") == [])
        for bad in ["s3.example.com", "ftp://a", "https://", "https://a/b?c", "https://a:0"] {
            #expect(codes("\(Self.login), endpoint: \"\(bad)\"") == ["bad-value"], "\(bad)")
        }
        #expect(codes("\(fine), style: dns") == ["bad-value"])
        #expect(codes("\(fine), cache: \"a\\nx-amz-acl: public-read\"") == ["bad-value"])
        #expect(codes("\(fine), public: img.example.com") == ["bad-value"])
        for bad in ["ab", "shop:80", "a..b"] {
            #expect(throws: Problems.self) { try read("{to: \"s3://\(bad)/\", \(fine)}") }
        }
        // Its login is nobody else's.
        #expect(throws: Problems.self) {
            try read("{to: \"https://a.example.com/\", \(Self.login)}")
        }
    }

    @Test func aFeedInTheSameBucketSharesTheLogin() throws {
        let base = try read(
            """
            {to: "s3://shop/in/", region: auto, endpoint: "https://s3.example.com", \(Self.login),
             public: "https://img.example.com/"}
            """)
        let feed = try read("{to: \"s3://shop/feeds/\"}", base: base)
        var options = try #require(base?.options as? S3Options)
        (options.address.path, options.publicBase) = ("/feeds/", nil)
        #expect(feed?.options as? S3Options == options)
        #expect(throws: Problems.self) { try read("{to: \"s3://other/feeds/\"}", base: base) }
    }
}
