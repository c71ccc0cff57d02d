import Foundation
import Testing

/// `Sources/README.md` against the sources.
@Suite struct MapTests {
    /// Module → what it imports of the others, in the order of the lines.
    private func map() throws -> [(module: String, imports: [String])] {
        try Tree.text("Sources/README.md").split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: /([\w-]+) +→ ?([\w -]*)/) else { return nil }
            return (String(match.1), match.2.split(separator: " ").map(String.init))
        }
    }

    private func modules() throws -> [String: Set<String>] {
        let files = try Tree.files().filter { $0.hasPrefix("Sources/") }
        let names = Set(
            files.compactMap { file in
                let parts = file.split(separator: "/")
                return parts.count > 2 ? String(parts[1]) : nil
            })
        var modules = names.reduce(into: [:]) { $0[$1] = Set<String>() }
        for file in files where file.hasSuffix(".swift") {
            let module = String(file.split(separator: "/")[1])
            let imports = try Tree.text(file).matches(
                of: /(?m)^(?:@\w+ )?(?:package |internal |private |fileprivate )?import (\w+)/)
            modules[module]?.formUnion(imports.map { String($0.1) }.filter(names.contains))
        }
        return modules
    }

    @Test func everyArrowIsAnImport() throws {
        let (map, modules) = (try map(), try modules())
        #expect(map.map(\.module).sorted() == modules.keys.sorted())
        for (module, imports) in map {
            let found = modules[module] ?? []
            let right = imports.filter(found.contains) + found.subtracting(imports).sorted()
            #expect(
                imports == right,
                "the line of \(module) should be: \(module) → \(right.joined(separator: " "))")
        }
    }

    @Test func everyArrowPointsDown() throws {
        let map = try map()
        for (index, (module, imports)) in map.enumerated() {
            for other in imports where !map[(index + 1)...].contains(where: { $0.module == other })
            {
                Issue.record("\(module) imports \(other), which stands above it in the map")
            }
        }
    }

    @Test func everyFunctionOfTheJourneyIsInOneOfItsFiles() throws {
        let files = try Tree.files()
        for line in try Tree.text("Sources/README.md").split(separator: "\n") {
            let cells = line.split(separator: " | ").map(String.init)
            guard line.hasPrefix("| "), cells.count == 3, cells[1].hasPrefix("`") else { continue }
            let names = cells[1].matches(of: /`(?:[\w-]+\/)+([\w+.-]+)`/).map { "/" + $0.1 }
            let texts = try files.filter { file in
                file.hasPrefix("Sources/") && names.contains { file.hasSuffix($0) }
            }.map(Tree.text)
            for match in cells[2].matches(of: /`(\w+)`/) {
                #expect(
                    texts.contains { $0.contains("func \(match.1)(") },
                    "none of \(cells[1]) has a function '\(match.1)'")
            }
        }
    }
}
