import Curl
import Foundation
import Model

/// Why a bucket refused, in the service's own word, such as `SlowDown`.
struct S3Fault: Sendable {
    /// Letters and digits.
    var code: String
    /// Where the bucket really is.
    var region: String?
    var endpoint: String?
    var serverTime: Date?

    /// Nil where there is neither a document of the kind nor a header that says where the bucket is.
    init?(_ response: Response) {
        let root = S3Element(response.body)
        let error = root?.name == "Error" ? root : root?.all("Error").first
        let region = error?.text("Region") ?? response.headers["x-amz-bucket-region"]
        let isElsewhere = [300, 301, 302, 303, 305, 307, 308].contains(response.status)
        guard let code = error?.text("Code") ?? (isElsewhere ? "PermanentRedirect" : nil),
            let word = Self.word(code)
        else { return nil }
        self.code = word
        self.region = region.flatMap(Self.word)
        endpoint = error?.text("Endpoint").flatMap(Self.word)
        serverTime = error?.text("ServerTime").flatMap(AmazonDate.date)
    }

    /// What may stand in a message of ours.
    private static func word(_ text: String) -> String? {
        let fits = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                || "-._:".utf8.contains(byte)
        }
        return fits && (1...100).contains(text.utf8.count) ? text : nil
    }
}

extension Attempt {
    /// What it means for the channel. The code decides where there is one: a status has many.
    func error(_ answer: S3Answer, _ options: S3Options, now: Date) -> DeliveryError {
        guard let fault = answer.fault else { return wordless(answer, options, now) }
        if let error = elsewhere(fault, options) { return error }
        if let words = refusal(fault.code, options) { return error(words, .fixChannel) }
        let said = "the service answered '\(fault.code)' (\(answer.status))"
        switch fault.code {
        case "NoSuchBucket":
            return error(
                "there is no bucket '\(options.bucket)' at '\(options.service.authority())'; have it made, "
                    + "or correct 'to' in the profile", .fixProfile)
        case "InvalidBucketName":
            return error(
                "the service knows no such name of a bucket: '\(options.bucket)'; correct 'to' in the "
                    + "profile", .fixProfile)
        case "RequestTimeTooSkewed":
            return error(
                "the clocks of this machine and of the service differ, and going by the service's did not "
                    + "help; see 'timedatectl'", .fixHost)
        case "EntityTooLarge", "KeyTooLongError", "XMinioInvalidObjectName":
            return error("\(said): it refuses this file", .fixInput)
        case let code where S3Fault.passing.contains(code):
            let busy = error(status: 503, answer.headers, now: now)
            return error("\(said), which passes", busy.remedy)
        default:
            return other(said, answer, now)
        }
    }

    private func other(_ said: String, _ answer: S3Answer, _ now: Date) -> DeliveryError {
        // Of no picture in particular, and no name of ours is strange to S3: the profile asks for
        // something that this service has not.
        guard answer.status >= 300 else { return error(said, .retry(after: nil)) }
        let byStatus = error(status: answer.status, answer.headers, now: now)
        let remedy = byStatus.remedy == .fixInput ? Remedy.fixProfile : byStatus.remedy
        return error(
            said + (remedy == .fixProfile ? "; does 'endpoint' point to an S3 service?" : ""),
            remedy)
    }

    /// - Returns: nil where the bucket is where it was asked for.
    private func elsewhere(_ fault: S3Fault, _ options: S3Options) -> DeliveryError? {
        let codes = [
            "PermanentRedirect", "TemporaryRedirect", "Redirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ]
        guard codes.contains(fault.code) else { return nil }
        if let region = fault.region, region != options.signedRegion {
            return error(
                "the bucket '\(options.bucket)' is in the region '\(region)', not in "
                    + "'\(options.signedRegion)'; write 'region: \(region)' in the profile",
                .fixProfile)
        }
        let place = fault.endpoint.map { "; it points to '\($0)'" } ?? ""
        return error(
            "the service answered '\(fault.code)': the bucket '\(options.bucket)' is not at "
                + "'\(options.service.authority())' in the region '\(options.signedRegion)'\(place); correct "
                + "'region' or 'endpoint' in the profile", .fixProfile)
    }

    /// - Returns: nil where the login is not to blame.
    private func refusal(_ code: String, _ options: S3Options) -> String? {
        let access = options.accessKey ?? ""
        switch code {
        case "AccessDenied", "AllAccessDisabled", "AccountProblem", "Unauthorized", "Forbidden",
            "UnauthorizedAccess":
            return denied("'\(code)'", options)
        case "SignatureDoesNotMatch":
            return
                "the service answered '\(code)': '\(options.secretKey ?? "")' is not the secret of the "
                + "key '\(access)'; put the right one into the credentials"
        case "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSecurity", "NotSignedUp":
            return
                "the service answered '\(code)': it knows no such key as the credential '\(access)' "
                + "holds; put a valid one there"
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            let name = options.sessionToken ?? access
            return
                "the service answered '\(code)': the token '\(name)' is not valid any more; put a fresh "
                + "one into the credentials, with its 'access_key' and 'secret_key'"
        default: return nil
        }
    }

    private func wordless(
        _ answer: S3Answer, _ options: S3Options, _ now: Date
    ) -> DeliveryError {
        guard [401, 403].contains(answer.status) else {
            return error(status: answer.status, answer.headers, now: now)
        }
        return error(denied("\(answer.status)", options), .fixChannel)
    }

    private func denied(_ said: String, _ options: S3Options) -> String {
        "the service answered \(said): the key '\(options.accessKey ?? "")' may not do this in the "
            + "bucket '\(options.bucket)'; it needs s3:PutObject, s3:GetObject, s3:DeleteObject and "
            + "s3:ListBucket (without which nobody is told that a file is not there)"
    }
}

extension S3Fault {
    /// What another try may not meet. Of the hashes: what arrived is not what was sent.
    static let passing: Set<String> = [
        "SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "Throttling",
        "ThrottlingException", "TooManyRequests", "OperationAborted", "ConcurrentModification",
        "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "NoSuchUpload", "InvalidPart",
        "RequestTimeoutException", "SlowDownRead", "SlowDownWrite",
    ]
}
