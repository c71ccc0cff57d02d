#if DEBUG
import Foundation
import Model
import Wire

/// What a picture can do to a worker, without a picture that does: so that a test can see that only
/// its own work suffers.
struct FaultInjection {
    /// `die`, `hang` or `swell`, after a colon the beginning of the master's name, after another
    /// `inspect` or `render`; all of them where there is none. Several are parted by commas.
    let text: String

    func happen(over request: WorkerRequest) {
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 2, let (kind, master) = request.asked,
                master.split(separator: "/").last?.hasPrefix(parts[1]) == true,
                parts.count < 3 || parts[2] == kind
            else { continue }
            befall(parts[0])
        }
    }

    private func befall(_ what: Substring) {
        switch what {
        case "die": abort()
        case "hang": while true { sleep(3600) }
        case "swell":
            // Leaves room for anything but pixels.
            let room = malloc(4 << 20)
            var step = 64 << 20
            while step >= 64 << 10 { if malloc(step) == nil { step /= 2 } }
            free(room)
        default: break
        }
    }
}

extension WorkerRequest {
    fileprivate var asked: (kind: Substring, master: String)? {
        switch self {
        case .inspect(let request): ("inspect", request.master)
        case .render(let request): ("render", request.master)
        default: nil
        }
    }
}
#endif
