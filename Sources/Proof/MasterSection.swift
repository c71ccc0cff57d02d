import Foundation
import Model

/// One master: what it is, and what each channel makes of it.
struct MasterSection {
    private struct Channel {
        var channel: ProofSheet.Channel
        var cards: [Card]
    }

    private let master: ProofSheet.Master
    private let id: String
    private let picture: String?
    private var channels: [Channel] = []

    init(_ master: ProofSheet.Master, id: String, in gallery: inout Gallery) {
        self.master = master
        self.id = id
        if let preview = master.picture {
            picture = gallery.hang(
                preview, size: (master.inspection?.size ?? preview.size).sane,
                faint: Self.background(of: master))
        } else {
            picture = nil
        }
        for (number, channel) in master.channels.enumerated() {
            let cards = Self.cards(channel, "\(id)-c\(number)", &gallery)
            channels.append(Channel(channel: channel, cards: cards))
        }
    }

    private static func background(of master: ProofSheet.Master) -> Color? {
        guard let background = master.inspection?.measurement?.background,
            background.kind != .transparent, background.kind != .scene
        else { return nil }
        return background.color
    }

    private static func cards(
        _ channel: ProofSheet.Channel, _ id: String, _ gallery: inout Gallery
    ) -> [Card] {
        var cards: [Card] = []
        for (number, rendition) in channel.renditions.enumerated() {
            let label = "\(rendition.name) for \(channel.name)"
            var card = Card(id: "\(id)-r\(number)", rendition: rendition)
            card.now = rendition.now.map { Showing($0, label: label, in: &gallery) }
            card.before = rendition.before.map {
                Showing($0, label: "\(label), older profile", in: &gallery)
            }
            cards.append(card)
        }
        return cards
    }

    // MARK: At a glance

    func drawGlance(into page: inout Markup) {
        page.element("section") { page in
            page.element("a", ["href": "#\(id)", "class": "master"]) { page in
                page.element("bdi", master.asset ?? master.name)
            }
            for channel in channels {
                for card in channel.cards { drawGlance(card, of: channel.channel.name, &page) }
            }
            if channels.allSatisfy(\.cards.isEmpty) {
                page.element("span", ["class": "quiet"], master.refusal ?? "no channel takes it")
            }
        }
    }

    private func drawGlance(_ card: Card, of channel: String, _ page: inout Markup) {
        guard let now = card.now else { return }
        page.element(
            "a", ["href": "#\(card.id)", "class": now.outcome.passes ? "pass" : "fail"]
        ) { page in
            drawThumb(now, &page)
            page.element("span", ["class": "who"]) { page in
                Sign.draw(now.outcome.passes, into: &page)
                page.say(" ")
                page.element("b", channel)
                page.say(" " + card.rendition.name)
            }
        }
    }

    private func drawThumb(_ showing: Showing, _ page: inout Markup) {
        page.element("span", ["class": "thumb"]) { page in
            if let figure = showing.figure {
                figure.drawPlain(into: &page, room: .thumb)
            } else {
                page.element("span", ["class": "absent"], "no file")
            }
        }
    }

    // MARK: In full

    func draw(into page: inout Markup) {
        page.element("section", ["class": "master", "id": id]) { page in
            page.element("h2") { page in
                page.element("bdi", master.asset ?? master.name)
                if master.asset != nil {
                    page.say(" ")
                    page.element("code", master.name)
                }
            }
            if let refusal = master.refusal {
                page.element("p", ["class": "refused"]) { page in
                    Sign.draw(false, into: &page)
                    page.say(refusal)
                }
            }
            page.element("div", ["class": "body"]) { page in
                if let figure {
                    page.element("div", ["class": "seen"]) { page in
                        drawFigure(figure, &page)
                    }
                }
                page.element("div", ["class": "told"]) { Facts(of: master).draw(into: &$0) }
            }
            for channel in channels { draw(channel, &page) }
        }
    }

    private var figure: Figure? {
        guard let picture, let inspection = master.inspection else { return nil }
        let measured = inspection.measurement
        let size = inspection.size.sane
        return Figure(
            picture: picture, size: size, product: measured?.product, extent: measured?.extent,
            ring: measured.map { measured in
                Figure.Ring(
                    width: max(1, size.shortSide / 100),
                    worst: measured.background.worst > 0 ? measured.background.at : nil,
                    isBroken: false)
            }, faint: Self.background(of: master), label: "the master \(master.name)")
    }

    private func drawFigure(_ figure: Figure, _ page: inout Markup) {
        page.element("figure") { page in
            figure.draw(into: &page, room: .master)
            page.element("figcaption") { page in
                page.say("the master")
                if let note = master.picture?.note {
                    page.element("span", ["class": "preview"], note)
                }
            }
        }
    }

    private func draw(_ part: Channel, _ page: inout Markup) {
        let channel = part.channel
        page.element("section", ["class": "channel"]) { page in
            page.element("header") { page in
                page.element("h3", channel.title)
                page.say(" ")
                page.element("code", channel.name)
                page.say(" ")
                page.element("span", ["class": "state"], channel.state)
                if !channel.market.isEmpty {
                    page.element("span", channel.market.joined(separator: " "))
                }
                page.element("span", ["class": "file"]) { page in
                    page.element("code", channel.file)
                    page.say(" revision \(channel.revision.short.prefix(8))")
                }
            }
            drawGates(channel, &page)
            drawChanges(channel, &page)
            for card in part.cards { card.draw(into: &page) }
        }
    }

    private func drawGates(_ channel: ProofSheet.Channel, _ page: inout Markup) {
        guard !channel.gates.isEmpty else { return }
        page.element("ul", ["class": "gates"]) { page in
            for gate in channel.gates {
                page.element("li") { page in
                    page.element("b", gate.kind.rawValue)
                    page.say(" \(gate.message) ")
                    if let place = gate.place { page.element("code", place.short) }
                    page.say(" ")
                    if let next = gate.next { page.element("span", ["class": "fix"], next) }
                }
            }
        }
    }

    private func drawChanges(_ channel: ProofSheet.Channel, _ page: inout Markup) {
        guard let against = channel.against else { return }
        page.element("div", ["class": "changes"]) { page in
            page.element("p") { page in
                page.say("against ")
                page.element("code", against)
                if channel.changes.isEmpty { page.say(": it means the same") }
            }
            page.element("ul") { page in
                for change in channel.changes { page.element("li", change) }
            }
        }
    }
}
