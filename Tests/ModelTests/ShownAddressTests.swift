import Model
import Testing

@Suite struct ShownAddressTests {
    @Test(arguments: [
        ("sftp://shop:pa/ss@feeds.example.com/in/", "sftp://…@feeds.example.com/in/"),
        ("https://a.example.com/img/?token=hunter2", "https://a.example.com/img/?…"),
        ("https://a.example.com/img/#hunter2", "https://a.example.com/img/#…"),
        ("https://me@a.example.com?k=a@b", "https://…@a.example.com?…"),
        ("shop:hunter2@a.example.com/", "…@a.example.com/"),
        ("a.example.com/?sig=hunter2", "a.example.com/?…"),
        ("https://a.example.com:8443/img/", "https://a.example.com:8443/img/"),
        ("ops@example.com", "ops@example.com"), ("what?", "what?"), ("", ""),
    ])
    func neitherLoginNorQueryIsShown(_ text: String, _ shown: String) {
        #expect(text.withoutSecrets == shown)
    }
}
