import Testing

@testable import Export

/// RFC 9309, with its own examples among others.
@Suite struct RobotsTests {
    private func allows(_ text: String, _ path: String, _ agent: String = "Googlebot-Image/1.0")
        -> Bool
    {
        Robots(text, for: agent).allows(path)
    }

    @Test func whatIsNotForbiddenIsAllowed() {
        #expect(allows("", "/a.jpg"))
        #expect(allows("User-agent: *\nDisallow:", "/a.jpg"))
        #expect(allows("User-agent: Other\nDisallow: /", "/a.jpg"))
        #expect(allows("Disallow: /", "/a.jpg"), "it belongs to no group")
        #expect(!allows("user-AGENT : *  # all\r\ndisALLOW:/img/ # ours\r\n", "/img/a.jpg"))
    }

    @Test func theMostSpecificGroupCountsAlone() {
        let text = """
            User-agent: *
            Disallow: /

            User-agent: Googlebot
            Disallow: /private/

            User-agent: Other
            User-agent: googlebot-IMAGE
            Disallow: /thumbs/
            """
        #expect(allows(text, "/private/a.jpg"))
        #expect(!allows(text, "/thumbs/a.jpg"))
        #expect(!allows(text, "/thumbs/a.jpg", "Other/2"))
        #expect(allows(text, "/a.jpg", "Googlebot-Video/1.0"))
        #expect(!allows(text, "/private/a.jpg", "Googlebot-Video/1.0"))
        #expect(!allows(text, "/a.jpg", "Bingbot/2.0"))
        #expect(!allows(text, "/private/a", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://x)"))
    }

    @Test func groupsOfOneNameAreOne() {
        let text = """
            User-agent: Googlebot-Image
            Disallow: /a/
            User-agent: *
            Disallow: /b/
            User-agent: Googlebot-Image
            Disallow: /c/
            """
        #expect(!allows(text, "/a/1") && allows(text, "/b/1") && !allows(text, "/c/1"))
    }

    @Test func theLongestRuleCountsAndOfTwoEqualsTheOneThatAllows() {
        let text = """
            User-agent: *
            Allow: /example/page/
            Disallow: /example/page/disallowed.gif
            Disallow: /same
            Allow: /same
            """
        #expect(allows(text, "/example/page/a.gif"))
        #expect(!allows(text, "/example/page/disallowed.gif"))
        #expect(allows(text, "/same.jpg"))
    }

    @Test(arguments: [
        ("*.gif$", "/a/b.gif", false), ("*.gif$", "/a/b.gif?x", true), ("*.gif", "/b.gif?x", false),
        ("/fish*", "/fishing", false), ("/fish", "/catfish", true),
        ("/*/x/*.jpg$", "/a/x/b.jpg", false),
        ("/*/x/*.jpg$", "/a/y/b.jpg", true), ("/$", "/", false), ("/$", "/a", true),
        ("/a%3cd.html", "/a%3Cd.html", false), ("/a%62c", "/abc", false), ("/ä", "/%C3%A4", false),
        ("/a%2Fb", "/a/b", true), ("/**//**x", "/", true),
    ])
    func patterns(_ pattern: String, _ path: String, _ isAllowed: Bool) {
        #expect(allows("User-agent: *\nDisallow: \(pattern)", path) == isAllowed)
    }

    @Test func aHostileFileEndsSoon() {
        let rule = "Disallow: /" + String(repeating: "*a", count: 500) + "\n"
        let text = "User-agent: *\n" + String(repeating: rule, count: 300)
        #expect(allows(text, "/" + String(repeating: "a", count: 400) + ".jpg"))
    }

    /// Ten thousand agents, and as many rules for all of them: 2 GB where each had its own.
    @Test func manyAgentsShareTheirRules() {
        let agents = (0..<10_000).map { _ in "user-agent: a" + "x" }.joined(separator: "\n")
        let rules = (0..<9_000).map { "disallow: /\($0)" }.joined(separator: "\n")
        let robots = Robots("\(agents)\nuser-agent: *\n\(rules)", for: "Other/1.0")
        #expect(!robots.allows("/8999") && robots.allows("/x"))
    }
}
