import Foundation
import Model
import Support
import Testing
import TransportsSupport

@testable import Transports

/// Servers that take files otherwise than by PUT, and say in their answers what became of them.
@Suite(.fewServers) struct HTTPMannerTests {
    private let trial: HTTPTrial

    init() throws { trial = try HTTPTrial() }

    // MARK: Sending

    @Test func aPostGoesToOneAddressWithHeadersOfOnesOwn() async throws {
        let posted = try HTTPTrial.manner {
            $0.method = .post
            $0.postTo = try FieldText("products/{sku}/pictures?kind=main", known: ["sku"])
        }
        try await trial.with(posted, HTTPTrial.taking("201 Created")) { transport, server in
            try await transport.put(trial.file, as: trial.name)
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /v1/products/AB%2F1/pictures?kind=main HTTP/1.1\r\n"))
            #expect(request.contains("\r\nX-Api-Key: \(HTTPTrial.canary)\r\n"))
            #expect(request.contains("\r\nX-Shop: 42\r\n"))
            #expect(request.contains("\r\nContent-Type: image/jpeg\r\n"))
            #expect(!request.contains("Expect:"))
            #expect(request.hasSuffix("\r\n\r\na rendition"))
        }
        try await trial.with(HTTPTrial.manner { $0.method = .post }, HTTPTrial.taking("200 OK")) {
            transport, server in
            try await transport.put(trial.file, as: trial.name)
            #expect(server.requests.first?.hasPrefix("POST /v1 HTTP/1.1\r\n") == true)
        }
    }

    @Test func aFormHoldsTheFileAndItsTexts() async throws {
        let form = try HTTPTrial.manner {
            $0.method = .post
            $0.form = HTTPManner.Form(
                field: "image",
                fields: [
                    "rank": try FieldText("{position}", known: ["position"]),
                    "path": try FieldText("{name}", known: ["name"]),
                ])
        }
        let boundary = "--sluice-\(trial.file.sha256)"
        let body = [
            boundary, "Content-Disposition: form-data; name=\"path\"", "", "in/a.jpg", boundary,
            "Content-Disposition: form-data; name=\"rank\"", "", "2", boundary,
            "Content-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"",
            "Content-Type: image/jpeg", "", "a rendition", boundary + "--", "",
        ].joined(separator: "\r\n")
        try await trial.with(form, HTTPTrial.taking("200 OK", bytes: body.utf8.count)) {
            transport, server in
            try await transport.put(trial.file, as: trial.name)
            let request = try #require(server.requests.first)
            #expect(request.hasSuffix("\r\n\r\n\(body)"))
            #expect(request.contains("\r\nContent-Length: \(body.utf8.count)\r\n"))
            #expect(
                request.contains(
                    "Content-Type: multipart/form-data; boundary=sluice-\(trial.file.sha256)\r\n"))
        }
    }

    /// A feed has no SKU.
    @Test func aFieldThatIsNotKnownIsToldBeforeAnythingIsSent() async throws {
        let form = try HTTPTrial.manner {
            $0.method = .post
            $0.postTo = try FieldText("{view}", known: ["view"])
        }
        try await trial.with(form, [.hang]) { transport, server in
            let error = await #expect(throws: DeliveryError.self) {
                try await transport.put(trial.file, as: trial.name)
            }
            #expect(error?.remedy == .fixProfile)
            #expect(error?.message.contains("'{view}'") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aFileThatChangedIsNotPosted() async throws {
        var forged = trial.file
        forged.sha256 = .of(Data("another one".utf8))
        let form = HTTPTrial.manner {
            $0.method = .post
            $0.form = HTTPManner.Form(field: "f", fields: [:])
        }
        let error = try await trial.with(form, HTTPTrial.taking("200 OK", bytes: 1000)) {
            transport, _ in
            await #expect(throws: DeliveryError.self) {
                try await transport.put(forged, as: trial.name)
            }
        }
        #expect(error?.remedy == .fixInput)
        #expect(error?.message.contains("changed") == true)
    }

    // MARK: Answers

    @Test func onlyWhatIsExpectedIsSuccess() async throws {
        let strict = HTTPTrial.manner { $0.expect = [201] }
        let refused = try await trial.error(strict, HTTPTrial.taking("200 OK"))
        #expect(refused.message.contains("200"))
        try await trial.with(strict, HTTPTrial.taking("201 Created")) { transport, _ in
            try await transport.put(trial.file, as: trial.name)
        }
    }

    @Test func aGoodStatusWithABadWordIsARefusal() async throws {
        let said = try HTTPTrial.manner {
            $0.answer = [
                try HTTPTrial.condition("/result/code", "0"),
                AnswerCondition(place: .header("etag"), equals: nil),
            ]
        }
        let no = try await trial.error(
            said, HTTPTrial.taking("200 OK", #"{"result": {"code": 17, "text": "too small"}}"#))
        #expect(no.remedy == .fixInput)
        #expect(no.message.contains("'/result/code' of its answer is '17' in place of '0'"))
        #expect(no.message.contains("too small"))
        let page = try await trial.error(said, HTTPTrial.taking("200 OK", "<html>Sorry</html>"))
        #expect(page.message.contains("its answer is no JSON"))
        #expect(page.message.contains("Sorry"))
        let bare = try await trial.error(
            said, HTTPTrial.taking("200 OK", #"{"result": {"code": 0}}"#))
        #expect(bare.message.contains("has not the header 'etag'"))
        let secret = try await trial.error(
            said, HTTPTrial.taking("200 OK", #"{"result": {"code": "\#(HTTPTrial.canary)"}}"#))
        #expect(secret.message.contains("something else"))
        try await trial.with(
            said, HTTPTrial.taking("200 OK", #"{"result": {"code": 0}}"#, "ETag: \"x\"\r\n")
        ) { transport, _ in try await transport.put(trial.file, as: trial.name) }
    }

    /// A server that never ends costs no memory, and what is longer than is kept proves nothing.
    @Test func anAnswerIsBounded() async throws {
        let said = try HTTPTrial.manner { $0.answer = [try HTTPTrial.condition("/ok", nil)] }
        let long = "{\"ok\": \"\(String(repeating: "x", count: 100_000))\"}"
        #expect(
            try await trial.error(said, HTTPTrial.taking("200 OK", long)).message.contains("64 KiB")
        )
        let endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        let much = RawServer.Act.send(String(repeating: "x", count: 2_000_000))
        let found = try await trial.error(
            said, [HTTPTrial.head, .readBody(11), .send(endless), much, .hang])
        #expect(found.remedy == .retry(after: nil))
    }
}
