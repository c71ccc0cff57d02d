/// What a finished file is held against by a process that never saw its master.
package struct Expectation: Hashable, Codable, Sendable {
    package var colors: ColorReference?
    /// Squares, in pixels of the file, of background that is seen through the product: as much of it as
    /// what is around the product.
    package var enclosed: [Box]
    /// Strips along the picture's own edges, where they lie inside the frame: a seam would show there.
    package var seams: [Box]

    package init(colors: ColorReference? = nil, enclosed: [Box] = [], seams: [Box] = []) {
        self.colors = colors
        self.enclosed = enclosed
        self.seams = seams
    }
}
