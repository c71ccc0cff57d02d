import Support

/// What a service says, for scripts of a raw server.
enum S3Words {
    static func fault(_ code: String, _ more: String = "") -> String {
        "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>no</Message>\(more)</Error>"
    }
}

extension RawServer.Act {
    /// A whole answer, and the end of the connection.
    static func answer(
        _ status: String, _ body: String = "", _ headers: String = ""
    ) -> RawServer.Act {
        .send(
            "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)")
    }
}
