import Curl
import Foundation
import Model

/// A form with a file in it (RFC 7578), whose bytes are read and hashed while they are sent.
struct MultipartForm {
    let body: Transfer.Body
    let mediaType: String

    init(
        _ form: HTTPManner.Form, _ file: Outgoing, _ name: RemoteName, _ values: [String: String]
    ) throws(MissingField) {
        // Nothing can hold the hash of what it is a part of.
        let boundary = "sluice-\(file.sha256)"
        var head = ""
        for (field, text) in form.fields.sorted(by: { $0.key < $1.key }) {
            head += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n"
            head += try text.fill(values) + "\r\n"
        }
        head += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(form.field)\"; "
        head += "filename=\"\(name.segments.last ?? "")\"\r\n"
        head += "Content-Type: \(file.mediaType)\r\n\r\n"
        body = .enclosed(
            Data(head.utf8), file: (file.path, file.bytes, file.sha256),
            Data("\r\n--\(boundary)--\r\n".utf8))
        mediaType = "multipart/form-data; boundary=\(boundary)"
    }
}
