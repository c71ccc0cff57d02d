/// `GET /v1`, and `sluice api --json`.
package struct APIAnswer: Codable, Hashable, Sendable {
    package var endpoints: [Endpoint]

    package init(endpoints: [Endpoint] = Operations.all) { self.endpoints = endpoints }
}
