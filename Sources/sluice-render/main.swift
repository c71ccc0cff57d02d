// The process that touches foreign pictures. It walls itself in before anything else, then answers
// the daemon's requests on its standard input until that ends. It knows no network, no secret and
// no ledger, says nothing on standard error unless it gives up, and keeps nothing between requests.

import CHost
import Foundation
import Imaging
import Model
import Wire

let options: WorkerOptions
do {
    options = try WorkerOptions(CommandLine.arguments.dropFirst())
} catch {
    giveUp(64, "\(error)")
}

// Only requests and answers may use the pipe: a library that prints would break the framing.
let answers = dup(STDOUT_FILENO)
guard answers >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
    giveUp(71, "cannot set up the standard descriptors: \(String(cString: strerror(errno)))")
}

// Pictures come in large blocks, one after another: a sixth of rendering went into page faults.
sluice_keep_memory()
let layers = options.isOpen ? [] : Sandbox(options).raise()
#if DEBUG
if options.probes { Probe.run(layers: layers, to: answers) }
if let sweep = options.sweep { Sweep.run(sweep, layers: layers, to: answers) }
#endif
#if DEBUG
let conversation = Conversation(
    requests: STDIN_FILENO, answers: answers, faults: options.faults.map(FaultInjection.init))
#else
let conversation = Conversation(requests: STDIN_FILENO, answers: answers)
#endif
do {
    let versions = try ImageLibrary.start()
    try conversation.answer(.hello(WorkerGreeting(layers: layers, versions: versions)))
    try conversation.run(as: options.role)
} catch {
    giveUp(70, "\(error)")
}

/// Status 64: called wrongly; 70: the conversation broke; 71: the system would not (sysexits.h).
func giveUp(_ status: Int32, _ message: String) -> Never {
    FileHandle.standardError.write(Data("sluice-render: \(message)\n".utf8))
    exit(status)
}
