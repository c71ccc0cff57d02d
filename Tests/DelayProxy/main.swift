// Stands before a server on loopback for the benches: `delay-proxy PORT MILLISECONDS` prints its own port
// and makes a round trip so long. Ends with its standard input.

import Foundation
import Support

let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
guard arguments.count == 2 else {
    FileHandle.standardError.write(Data("usage: delay-proxy PORT MILLISECONDS\n".utf8))
    exit(64)
}
do {
    let proxy = try TCPProxy(to: arguments[0], delay: Double(arguments[1]) / 2000)
    FileHandle.standardOutput.write(Data("\(proxy.port)\n".utf8))
    while readLine() != nil {}
    proxy.stop()
} catch {
    FileHandle.standardError.write(Data("delay-proxy: \(error)\n".utf8))
    exit(2)
}
