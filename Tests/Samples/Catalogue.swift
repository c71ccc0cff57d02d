/// The demo shop's product records.
enum Catalogue {
    private struct Article {
        let sku: String
        let title: String
        let description: String
        let brand: String
        let price: String
        var availability = "in_stock"
        /// Twelve digits; the thirteenth is computed.
        let number: String
        let asin: String
    }

    static var csv: String {
        let header = "sku,title,description,brand,price,availability,link,gtin,asin,status\n"
        return header
            + articles.map { article in
                [
                    article.sku, article.title, article.description, article.brand, article.price,
                    article.availability,
                    "https://shop.example.com/p/\(article.sku.lowercased())",
                    gtin(article.number), article.asin, "active",
                ].map(quoted).joined(separator: ",") + "\n"
            }.joined()
    }

    private static func quoted(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private static func gtin(_ number: String) -> String {
        let sum = number.utf8.reversed().enumerated().reduce(0) { sum, digit in
            sum + Int(digit.element - 48) * (digit.offset.isMultiple(of: 2) ? 3 : 1)
        }
        return number + String((10 - sum % 10) % 10)
    }

    private static let articles = [
        Article(
            sku: "MUG-1001", title: "Enamel mug \"Nordwald\", blue",
            description:
                "Speckled enamel on steel, 350 ml, with three firs. Fit for the camp fire.",
            brand: "Kontor", price: "18.50 EUR", number: "426099991001", asin: "B0CKMUG101"),
        Article(
            sku: "BTL-2001", title: "Insulated bottle, fir green, 0.75 l",
            description: "Double-walled steel, powder-coated. Hot for 12 hours, cold for 24.",
            brand: "Kontor", price: "34.00 EUR", number: "426099992001", asin: "B0CKBTL201"),
        Article(
            sku: "SNK-3001", title: "Running shoe Strand",
            description: "Knitted upper, rubber toe and heel, a sole that forgives.",
            brand: "Laufwerk", price: "119.00 EUR", number: "426099993001", asin: "B0CKSNK301"),
        Article(
            sku: "TEE-4001", title: "T-shirt Sonnenhügel, ochre",
            description: "Heavy organic cotton, 220 g/m², printed by hand.", brand: "Laufwerk",
            price: "29.90 EUR", number: "426099994001", asin: "B0CKTEE401"),
        Article(
            sku: "BAG-5001", title: "Backpack Wanderer, waxed canvas",
            description: "18 litres, leather straps, brass buckles, room for a 15\" laptop.",
            brand: "Kontor", price: "149.00 EUR", number: "426099995001", asin: "B0CKBAG501"),
        Article(
            sku: "LMP-6001", title: "Table lamp Linnea",
            description: "Glazed stoneware foot, linen shade, brass neck, E27.",
            brand: "Haus am See",
            price: "89.00 EUR", number: "426099996001", asin: "B0CKLMP601"),
        Article(
            sku: "HDP-7001", title: "Headphones Stille, over-ear",
            description: "Closed, with tan leather cushions and 40 hours of battery.",
            brand: "Tonwerk", price: "229.00 EUR", number: "426099997001", asin: "B0CKHDP701"),
        Article(
            sku: "STL-8001", title: "Oak stool Dreesch",
            description: "Solid oiled oak, 46 cm high. Holds more than you weigh.",
            brand: "Haus am See", price: "139.00 EUR", availability: "out_of_stock",
            number: "426099998001", asin: "B0CKSTL801"),
        Article(
            sku: "BRD-9001", title: "Walnut cutting board",
            description: "One piece, end to end, 40 x 24 cm.", brand: "Haus am See",
            price: "49.00 EUR", number: "426099999001", asin: "B0CKBRD901"),
    ]
}
