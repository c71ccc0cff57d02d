// The documents channels read. An edition is staged whole: written, made durable, read back by a
// reader that shares nothing with the writer, counted and compared with what was meant, and only
// then under its name. An item that the channel would refuse is left out with its reasons; the
// others go on. The same items give the same bytes, so an edition whose hash is unchanged need not
// be published again. What a document looks like is its format's business, and nobody else's: a
// format is a value that keeps this protocol, named in `FeedFormats`. Which items there are, and
// when an edition goes out, is Export's.

package import YAML

/// A kind of document, with what a profile may say of it.
package protocol FeedFormat: Sendable {
    /// As a profile says it; it stands in names of files too.
    static var name: String { get }
    static var mediaType: String { get }
    /// Of an edition's file, without the point.
    static var ending: String { get }
    static var attributes: FeedAttributes { get }

    /// Reads the keys below `feed` that are this format's own; nil after a problem was reported.
    /// - Parameter title: the channel's.
    init?(_ keys: Keys, title: String)

    /// What the channel would refuse the item for; empty when it may go out. A value without a
    /// text counts as absent.
    func check(_ item: FeedItem) -> [FeedFault]

    /// Writes a whole document, an item at a time: memory does not grow with the items.
    /// - Parameters:
    ///   - outline: has every attribute that an item will have.
    ///   - descriptor: stays its owner's; durability is too.
    ///   - next: hands out items that were checked, nil at the end.
    /// - Returns: characters that could not be written, and were left out of texts.
    /// - Throws: `DocumentFault`, or what `next` throws.
    func write(
        _ outline: FeedOutline, to descriptor: Int32, _ next: () throws -> FeedItem?
    ) throws -> Int

    /// Reads what was written, whatever was said of the format then.
    /// - Parameter descriptor: stands at the first byte, and stays open until the reader is gone.
    static func read(_ descriptor: Int32) throws -> any EditionReader
}

extension FeedFormat {
    package var name: String { Self.name }
    package var mediaType: String { Self.mediaType }
    package var ending: String { Self.ending }
    package var attributes: FeedAttributes { Self.attributes }
}

/// Hands out the items of a document one after the other, without their SKUs: no format has such.
package protocol EditionReader: AnyObject {
    /// Known before the first item where the document says it.
    var outline: FeedOutline? { get }

    /// - Throws: `DocumentFault` where the document is not whole.
    func next() throws -> FeedItem?
}
