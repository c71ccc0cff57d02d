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

    @Test(arguments: ["secrets.yaml", "address-query.yaml"])
    func neverRepeatsASecret(name: String) throws {
        let text = try Samples.text("Bad/\(name)")
            .split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        let result = Loader.load(text: text, file: name, vocabulary: .sample)
        guard case .failure(let problems) = result else {
            Issue.record("a secret in a profile loads")
            return
        }
        #expect(!problems.description.contains("hunter2") && !problems.description.contains("ter2"))
    }
}
