import Foundation
import Model
import Testing

@testable import Transports

/// What is repeated of a server's words.
@Suite struct ServerWordsTests {
    private func words(_ text: String, hiding secret: String = "sEcr&t\"canary/19c2") -> String? {
        ServerWords.of(Data(text.utf8), hiding: [Secret(secret)])
    }

    @Test(
        arguments: [
            ("<p>Too <b>large</b></p>", "Too large"),
            ("<style>p {a: b}</style>No <SCRIPT src=x>if (a < b) {}</Script >room", "No room"),
            ("a < b", "a < b"), ("<script>for ever", nil), ("1 <script> 2 <style> 3", "1"),
            ("\u{1B}[31mred\u{202E}", "[31mred"), ("", nil),
        ] as [(String, String?)]) func tagsAreNotSaid(_ text: String, _ said: String?)
    {
        #expect(words(text) == said)
    }

    @Test(arguments: [
        "you sent sEcr&t\"canary/19c2", #"{"you sent": "sEcr\u0026t\"canary\/19c2"}"#,
        "?token=sEcr%26t%22canary%2F19c2", "<i>sEcr&amp;t&quot;canary/19c2</i>",
        "sEcr&#38;t&#x22;canary/19c2", "… sEcr&t\"c",
    ]) func noSecretIsRepeated(_ text: String) {
        #expect(words(text) == nil)
    }

    /// Each of the first took 40 s.
    @Test func noPageTakesForEver() {
        for piece in ["<script>", "<", "<script></scrip", "&#", "\\u00", "%"] {
            let page = String(repeating: piece, count: (64 << 10) / piece.utf8.count)
            _ = words(page)
        }
        let deep = String(repeating: "[", count: 500) + String(repeating: "1,", count: 14_000)
        #expect(JSON(Data((deep + "1" + String(repeating: "]", count: 500)).utf8)) == nil)
        #expect(JSON(Data(#"{"a": ["\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["]}"#.utf8)) != nil)
    }
}
