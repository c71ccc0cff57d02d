import Bookkeeping
import Model
import Transports

/// Asks the ledger, or writes down what was done, in the middle of a delivery: what cannot be written down
/// has not been done, and is tried again.
func inLedger<Value>(
    _ body: () async throws(LedgerError) -> Value
) async throws(DeliveryError) -> Value {
    do throws(LedgerError) {
        return try await body()
    } catch {
        throw DeliveryError("\(error)", remedy: .retry(after: nil), origin: .here)
    }
}
