/// Deliveries that nobody would ever come back to: not at rest, and with neither a next time nor a
/// gate that says what they wait for. There may be none, whatever has happened.
package enum Unattended {
    /// In milliseconds: a try put off for longer than the longest back-off with its spread, or for
    /// longer than a server may ask, is put off for ever.
    private static let longest = 8 * 3_600_000
    /// In milliseconds: what a claim holds, and no more.
    private static let lease = 1_800_000

    /// - Parameter now: milliseconds since 1970.
    /// - Returns: a question to a ledger with a line for each, which says why.
    package static func sql(at now: Int64) -> String {
        """
        SELECT channel || ' ' || name || ' is ' || state || ': ' || why FROM (
            SELECT *, CASE
                WHEN leased_until > \(now + Int64(lease)) THEN 'claimed for longer than a lease'
                WHEN state IN ('send', 'remove') AND next_try > \(now + Int64(longest))
                    THEN 'its next try is too far away'
                WHEN state = 'send' AND NOT EXISTS (
                    SELECT 1 FROM rendition WHERE rendition.key = delivery.key)
                    THEN 'there is no rendition to send'
                WHEN state = 'stuck' AND COALESCE(error, '') = '' THEN 'nobody says why'
                WHEN state = 'linger' AND since > \(now) THEN 'it stays from the future on'
                WHEN state = 'live' AND held_key IS NULL THEN 'nothing is known to be there'
                -- Reconciling looks at it again: that is the next time.
                WHEN EXISTS (SELECT 1 FROM dirty WHERE dirty.sku = delivery.sku)
                    OR EXISTS (SELECT 1 FROM aside WHERE aside.sku = delivery.sku)
                    OR EXISTS (SELECT 1 FROM channel
                        WHERE channel.name = delivery.channel AND cursor IS NOT NULL)
                    THEN NULL
                WHEN state = 'render' AND NOT EXISTS (
                    SELECT 1 FROM rendition JOIN master ON master.sha256 = rendition.master
                    WHERE rendition.key = delivery.key AND file IS NULL AND refusal IS NULL
                        AND unusable IS NULL AND rendition.next_try <= \(now + Int64(longest)))
                    THEN 'nobody makes its rendition'
                END AS why
            FROM delivery) WHERE why IS NOT NULL
        """
    }
}
