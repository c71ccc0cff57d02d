import Foundation
import Model

extension Attempt {
    /// What a status means that is not among the good ones.
    func error(status: Int, _ headers: [String: String], now: Date) -> DeliveryError {
        switch status {
        // 304 and 306 point nowhere: nobody has asked whether something is as it was.
        case 300..<400 where ![304, 306].contains(status):
            // It may carry a signature that is nobody's business.
            let target = headers["location"] ?? "nowhere"
            return error(
                "the server answered \(status) and points to '\(target.withoutSecrets)'; redirects "
                    + "are not followed: correct 'to' in the profile", .fixProfile)
        case 401, 403, 407:
            return error(
                "the server answered \(status): it does not accept the credentials, or they may "
                    + "not do this; renew them", .fixChannel)
        case 400, 411, 413, 414, 415, 422:
            return error("the server answered \(status): it refuses this file", .fixInput)
        case 408, 425, 429, 503:
            let after = headers["retry-after"].flatMap {
                RetryAfter.seconds($0, now: now)
            }
            let words = after.map { "; it asks for \(Int($0)) s" } ?? ""
            return error(
                "the server answered \(status): it is busy\(words)", .retry(after: after))
        case 500...:
            return error("the server answered \(status)", .retry(after: nil))
        case 202:
            return error(
                "the server answered 202: it has put the file aside and has not stored it; where it does "
                    + "so later, 'confirm: poll' waits for that",
                .fixProfile)
        case 404, 405, 409, 410, 426, 431:
            return error(
                "the server answered \(status), which is no answer to this; does 'to' in the "
                    + "profile point to a place that takes files?", .fixProfile)
        // Nobody is given up for a word that is not understood.
        default:
            return error(
                "the server answered \(status), which means nothing here", .retry(after: nil))
        }
    }

    /// What it means that a file cannot be put into a folder, asked for or not.
    /// - Parameters:
    ///   - put: the answer to the file, 404, 409 or 500.
    ///   - made: the answer to making the folder, if it was asked for.
    func error(
        noFolder folder: String, put: Int, made: Int?, _ headers: [String: String], now: Date
    ) -> DeliveryError {
        let advice =
            "'name' in the profile without '/', or have somebody make '\(folder)' there"
        guard put == 409 else {
            var error = error(status: put, headers, now: now)
            error.message += "; if it is that the server makes no folders: \(advice)"
            return error
        }
        let asked = made.map { ", and \($0) when asked to make '\(folder)'" } ?? ""
        // This file's name and no other's: the next one may do without a folder.
        return error(
            "the server makes no folders (it answered 409\(asked)); write \(advice)", .fixInput)
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
enum RetryAfter {
    /// Six hours; nobody is believed beyond.
    static let limit = 21_600.0

    /// Nil for what is neither. 7.88.1's own reading lets negative and 14-digit numbers through.
    static func seconds(_ text: String, now: Date) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return clamp(Double(text) ?? 0)
        }
        return HTTPDate.date(text).map { clamp($0.timeIntervalSince(now)) }
    }

    private static func clamp(_ seconds: Double) -> Double { min(max(seconds, 0), limit) }
}
