import Foundation
import Model
import Testing

@Suite struct RenditionKeyTests {
    private let recipe = Recipe(
        size: SizeRange(
            min: PixelSize(width: 500, height: 500), max: PixelSize(width: 1000, height: 1000)),
        fit: .pad, background: Color(hex: "#FFFFFF"), format: .jpeg, minQuality: 80, maxQuality: 92,
        maxBytes: 1_000_000)

    /// Another text here renders and sends everything again, on every channel.
    @Test func isTheHashOfTheCanonicalRequest() {
        let master = ContentHash.of(Data("master".utf8))
        let request =
            #"{"epoch":2,"master":"\#(master)","recipe":{"background":{"blue":255,"green":255,"#
            + #""red":255},"fit":"pad","format":"jpeg","maxBytes":1000000,"maxQuality":92,"#
            + #""minQuality":80,"size":{"max":{"height":1000,"width":1000},"min":{"height":500,"#
            + #""width":500}},"upscale":false}}"#
        #expect(
            RenditionKey.of(master: master, recipe: recipe) == ContentHash.of(Data(request.utf8)))
    }

    @Test func changesWithMasterAndRecipe() {
        let master = ContentHash.of(Data("master".utf8))
        var other = recipe
        other.maxBytes = nil
        let keys = [
            RenditionKey.of(master: master, recipe: recipe),
            RenditionKey.of(master: master, recipe: other),
            RenditionKey.of(master: ContentHash.of(Data("other".utf8)), recipe: recipe),
        ]
        #expect(Set(keys).count == 3)
    }
}
