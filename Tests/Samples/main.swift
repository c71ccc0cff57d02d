// Draws the pictures that the demo, the tests of scale and the tests of bad input work on, so that
// the repository holds none. The same command draws the same files.

import Foundation

let usage = """
    usage: draw-samples demo DIR
           draw-samples many DIR [--skus 300] [--views 12] [--seasons 4] [--size 64]
           draw-samples bad DIR
           draw-samples bombs DIR
           draw-samples bench FILE [--size 4000]
           draw-samples photographs DIR [--size 4000]
           draw-samples judged DIR
           draw-samples similarity MASTER FILE...
           draw-samples least MASTER FILE:QUALITY...
           draw-samples verdicts LABELS REPORT
           draw-samples untouched MASTER MASK FILE

    """

struct Misuse: Error {}

func run(_ arguments: [String]) throws {
    guard arguments.count >= 2 else { throw Misuse() }
    let target = arguments[1]
    try Picture.start()
    if try figures(arguments[0], target, Array(arguments.dropFirst(2))) { return }
    let options = try options(Array(arguments.dropFirst(2)))
    switch arguments[0] {
    case "demo": try Demo.draw(into: target)
    case "bombs": try Bad.drawBombs(into: target)
    case "bad": try Bad.draw(into: target)
    case "bench": try Bench.draw(into: target, size: options["size"] ?? 4000)
    case "judged": try Judged.draw(into: target)
    case "photographs":
        try Photographs.draw(into: target, size: options["size"] ?? 4000)
    case "many":
        var plan = Many.Plan()
        plan.skus = options["skus"] ?? plan.skus
        plan.views = options["views"] ?? plan.views
        plan.seasons = options["seasons"] ?? plan.seasons
        plan.size = options["size"] ?? plan.size
        try Many.draw(plan, into: target)
    default: throw Misuse()
    }
}

/// What measures rather than draws.
func figures(_ command: String, _ master: String, _ files: [String]) throws -> Bool {
    switch command {
    case "similarity": try Similarity.compare(files, with: master)
    case "least": try Least.measure(files, of: master)
    case "untouched": try Untouched.measure(files, of: master)
    case "verdicts":
        guard files.count == 1 else { throw Misuse() }
        try Verdicts.compare(files[0], with: master)
    default: return false
    }
    return true
}

func options(_ arguments: [String]) throws -> [String: Int] {
    var options: [String: Int] = [:]
    for index in stride(from: 0, to: arguments.count, by: 2) {
        let name = arguments[index].dropFirst(2)
        guard arguments[index].hasPrefix("--"),
            ["skus", "views", "seasons", "size"].contains(name),
            index + 1 < arguments.count, let value = Int(arguments[index + 1]), value > 0
        else { throw Misuse() }
        options[String(name)] = value
    }
    return options
}

do {
    try run(Array(CommandLine.arguments.dropFirst()))
} catch is Misuse {
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
} catch {
    FileHandle.standardError.write(Data("draw-samples: \(error)\n".utf8))
    exit(2)
}
