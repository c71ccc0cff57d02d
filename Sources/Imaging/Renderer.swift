// Pictures in, pictures out: opens a master, measures its header, paints the renditions asked for,
// and measures finished files. Promises that nothing is guessed: a colour, a size or a byte ceiling
// that cannot be met is a refusal with its reason. Leaves sandboxing and talking to the executable,
// and all verdicts about channels to the daemon.

package import Model
package import Wire

/// Paints all wanted renditions of one master from one decoding.
package struct Renderer {
    private let masters: String
    private let output: String

    /// - Parameters:
    ///   - masters: directory the requests' paths are below.
    ///   - output: directory the renditions are written to.
    package init(masters: String, output: String) {
        self.masters = masters
        self.output = output
    }

    package func inspect(_ request: InspectRequest) throws(Refusal) -> Inspection {
        try Master(path: "\(masters)/\(request.master)", format: request.format).inspection()
    }

    package func readXMP(_ request: ReadXMPRequest) throws(Refusal) -> PictureMetadata {
        try MetadataReader.read(sidecar: "\(masters)/\(request.file)")
    }

    /// One outcome an item, in their order; a bad master is refused for each of them.
    package func render(_ request: RenderRequest) -> [RenderOutcome] {
        var outcomes = [RenderOutcome?](repeating: nil, count: request.items.count)
        do throws(Refusal) {
            let master = try Master(path: "\(masters)/\(request.master)", format: request.format)
            var jobs: [(index: Int, job: Job)] = []
            for (index, item) in request.items.enumerated() {
                do throws(Refusal) {
                    try item.checkSanity()
                    jobs.append((index, try Job(item, of: master, measured: request.measured)))
                } catch {
                    // What was not measured because of its colours is refused for them.
                    let cause =
                        request.measured == nil
                        ? master.colorFault(assuming: item.recipe.assume) : nil
                    outcomes[index] = .refused(key: item.key, cause ?? error)
                }
            }
            // What is assumed of its colours makes another picture of it, as inks do: decoded once
            // for each.
            for (ground, jobs) in Dictionary(grouping: jobs, by: \.job.ground) {
                paint(jobs, master, on: ground) { outcomes[$0] = $1 }
            }
            return outcomes.compactMap(\.self)
        } catch {
            return zip(request.items, outcomes).map { $1 ?? .refused(key: $0.key, error) }
        }
    }

    private func paint(
        _ jobs: [(index: Int, job: Job)], _ master: Master, on ground: Job.Ground,
        done: (Int, RenderOutcome) -> Void
    ) {
        // Nothing that can be painted: nothing to decode.
        guard let least = jobs.map(\.job.reduction).min() else { return }
        let source: Pyramid
        let colors: MasterColors?
        let parting: Parting?
        do throws(Refusal) {
            let inks = try ground.inks.map { (name) throws(Refusal) in try Inks(name) }
            source = Pyramid(
                try master.decoded(
                    reduction: least, assuming: ground.assume, into: inks, on: ground.paper),
                of: master.size)
            parting =
                inks == nil && jobs.contains { $0.job.whitens }
                ? try master.parting(
                    of: jobs.first?.job.measured, assuming: ground.assume) : nil
            colors = try MasterColors(
                of: master, decoded: inks == nil ? source : nil, assuming: ground.assume)
        } catch {
            for (index, job) in jobs { done(index, .refused(key: job.key, error)) }
            return
        }
        for (index, job) in jobs {
            do throws(Refusal) {
                let level = try source.level(for: job.reduction)
                done(
                    index,
                    try job.finished(
                        from: level, of: colors, before: parting, in: output))
            } catch {
                done(index, .refused(key: job.key, error))
            }
        }
    }
}
