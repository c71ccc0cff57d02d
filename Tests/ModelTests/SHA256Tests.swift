import Foundation
import Model
import Testing

/// The examples of FIPS 180-2, appendix B.
struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func hashesTheExamples(_ text: String, _ expected: String) {
        #expect(ContentHash.of(Data(text.utf8)).rawValue == expected)
    }

    @Test func piecesAreOneMessage() {
        var hasher = SHA256()
        let piece = Data(repeating: UInt8(ascii: "a"), count: 999)
        for _ in 0..<1001 { hasher.update(piece) }
        // A copy goes its own way, and asking for the digest ends nothing.
        let before = hasher
        hasher.update(Data("a".utf8))
        #expect(before.finalize() != hasher.finalize())
        #expect(
            ContentHash(digest: hasher.finalize()).rawValue
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
}
