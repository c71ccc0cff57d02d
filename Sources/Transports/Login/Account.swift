/// As whom one logs in, for messages: names of credentials, never what they hold.
struct Account {
    var user: String?
    var password: String?
    var key: String?
    var passphrase: String?
}
