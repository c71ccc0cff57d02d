import Foundation
import Model
import Profiles
import Testing

/// Every kind of mistake lies in `Bad/` beside the lines it must be answered with:
/// `# expect: 12:5: error: … [code]`.
@Suite struct BadProfiles {
    @Test(arguments: try Samples.names(in: "Bad"))
    func answersEveryMistake(name: String) throws {
        let text = try Samples.text("Bad/\(name)")
        let lines = text.split(separator: "\n").map(String.init)
        let expected = lines.compactMap { line in
            line.hasPrefix("# expect: ") ? String(line.dropFirst("# expect: ".count)) : nil
        }
        let result = Loader.load(
            text: text, file: name, library: try Samples.shipped(), vocabulary: .sample)
        guard case .failure(let problems) = result else {
            Issue.record("\(name) loads")
            return
        }
        let actual = problems.description.split(separator: "\n").map {
            String($0).replacing("\(name):", with: "", maxReplacements: 1)
        }
        #expect(!expected.isEmpty)
        #expect(actual == expected, "\(actual.map { "# expect: \($0)" }.joined(separator: "\n"))")
    }

    @Test func neverRepeatsASecret() throws {
        let text = try Samples.text("Bad/secrets.yaml")
        let result = Loader.load(text: text, file: "secrets.yaml", vocabulary: .sample)
        guard case .failure(let problems) = result else {
            Issue.record("a secret in a profile loads")
            return
        }
        #expect(!problems.description.contains("hunter2"))
    }
}
