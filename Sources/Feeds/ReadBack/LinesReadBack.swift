private import Foundation

/// Lines of JSON for what their members say.
enum LinesReadBack {
    static func witness(
        _ source: inout LineSource, _ program: Program
    ) throws(ReadBackFault) -> Witness {
        var witness = Witness()
        let paths = program.witnesses.map { $0.split(separator: "/").map(String.init) }
        var rest = [program.passes[0].head, program.tail].filter { !$0.isEmpty }
        let separator = program.passes[0].separator
        while var line = try source.next(before: [UInt8(ascii: "\n")], where: { _ in true }) {
            if let fixed = rest.first, fixed.dropLast().elementsEqual(line) {
                rest.removeFirst()
                continue
            }
            if !separator.isEmpty, witness.items > 0, line.starts(with: separator) {
                line = line.dropFirst(separator.count)
            }
            guard
                let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
            else { throw source.fault("this is no JSON object") }
            for (number, path) in paths.enumerated() {
                find(object, path[...]) { text in
                    var text = text
                    text.withUTF8 { witness.add(number, $0) }
                }
            }
            witness.end()
        }
        guard rest.isEmpty else { throw source.fault("what stands around the items is missing") }
        return witness
    }

    private static func find(_ value: Any, _ path: ArraySlice<String>, _ take: (String) -> Void) {
        if let list = value as? [Any] {
            for value in list { find(value, path, take) }
        } else if let name = path.first {
            if let value = (value as? [String: Any])?[name] { find(value, path.dropFirst(), take) }
        } else if let text = value as? String {
            take(text)
        }
    }
}
