import Foundation
import Testing

/// The documents against the tree: what they name is there.
@Suite struct LinkTests {
    @Test func everyLinkLeadsSomewhere() throws {
        let documents = try Tree.documents()
        #expect(documents.count >= 5)
        for document in documents {
            for match in try Tree.text(document).matches(of: /\]\(([^)\s]+)\)/) {
                let link = String(match.1)
                if link.hasPrefix("https://") { continue }
                let parts = link.split(
                    separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target =
                    parts[0].isEmpty ? document : Tree.join(Tree.folder(document), parts[0])
                #expect(Tree.isThere(target), "\(document): '\(link)' leads nowhere")
                guard parts.count == 2, target.hasSuffix(".md") else { continue }
                #expect(
                    try Tree.headings(target).contains(String(parts[1])),
                    "\(document): there is no heading for '\(link)'")
            }
        }
    }

    /// `Export/Courier.swift` is below `Export`, in whichever folder.
    @Test func everyFileThatIsNamedIsThere() throws {
        let files = try Tree.files()
        for document in try Tree.documents() {
            for match in try Tree.text(document).matches(
                of: /`([\w.-]+\/[\w.\/-]+\.(?:swift|h|c))`/)
            {
                let path = String(match.1)
                let found = files.contains { file in
                    file.hasSuffix("/" + path.split(separator: "/").last!)
                        && [Tree.join(Tree.folder(document), path), path].contains {
                            file.hasPrefix(Tree.folder($0) + "/")
                        }
                }
                #expect(found, "\(document) names '\(path)', which is not there")
            }
        }
    }

    /// A reader has the tree and nothing else.
    @Test func nothingRefersToADocumentThatIsNotInTheTree() throws {
        let files = try Tree.files()
        let names = Set(files.filter { $0.hasSuffix(".md") }.map { $0.split(separator: "/").last! })
        for file in files where Tree.isText(file) {
            for match in try Tree.text(file).matches(of: /[\w\/.-]*[\w-]+\.md\b/) {
                let name = match.0.split(separator: "/").last ?? match.0
                #expect(names.contains(name), "\(file) refers to '\(match.0)'")
            }
        }
    }

    @Test func thePicturesOfTheFirstPageAreSmall() throws {
        let pictures = try Tree.files().filter { $0.hasPrefix(".github/images/") }
        let bytes = try pictures.reduce(0) { $0 + (try Data(contentsOf: Tree.url($1)).count) }
        #expect(!pictures.isEmpty && bytes < 300_000)
    }
}
