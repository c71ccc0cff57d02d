/// Google's product data specification (support.google.com/merchants, answer 7052112, and
/// products_common.proto in googleapis/googleapis; seen November 2026): read by Merchant Center, and
/// by Pinterest, TikTok, Bing and Kelkoo, in whichever format.
enum GoogleAttributes {
    static let list = FeedAttributes(
        identity: "id",
        required: [
            "id", "title", "description", "link", "image_link", "price", "availability",
        ],
        instead: ["title": "structured_title", "description": "structured_description"],
        all: all,
        notBuilt: [
            "carrier_shipping", "cloud_export_additional_properties", "loyalty_points",
            "sustainability_incentive", "tax",
        ])

    static func check(_ item: FeedItem) -> [FeedFault] {
        let faults = list.check(item)
        guard let availability = item.text("availability"),
            ["preorder", "backorder"].contains(availability), item.text("availability_date") == nil
        else { return faults }
        let message =
            "'availability_date' is missing; availability '\(availability)' needs it"
        return faults + [FeedFault("availability_date", .missing, message)]
    }

    private typealias Kind = FeedAttribute.Kind

    private static let all: [String: FeedAttribute] = {
        var all: [String: FeedAttribute] = [:]
        for (kind, most, names) in table + groups {
            for name in names { all[name] = FeedAttribute(kind: kind, most: most) }
        }
        return all
    }()

    private static let energy = ["A+++", "A++", "A+", "A", "B", "C", "D", "E", "F", "G"]

    private static let table: [(Kind, Int, [String])] = [
        // The product
        (.identifier(most: 50), 1, ["id"]),
        (.text(most: 150), 1, ["title"]),
        (.text(most: 5000), 1, ["description"]),
        (
            .address, 1,
            [
                "link", "mobile_link", "canonical_link", "link_template",
                "mobile_link_template", "ads_redirect", "virtual_model_link",
            ]
        ),
        (.picture, 1, ["image_link", "lifestyle_image_link"]),
        (.picture, 10, ["additional_image_link"]),
        (.address, 10, ["video_link"]),

        // Price and availability
        (.oneOf(["in_stock", "out_of_stock", "preorder", "backorder"]), 1, ["availability"]),
        (.date, 1, ["availability_date", "expiration_date", "disclosure_date"]),
        (
            .price, 1,
            [
                "price", "sale_price", "cost_of_goods_sold", "auto_pricing_min_price",
                "maximum_retail_price",
            ]
        ),
        (.dates, 1, ["sale_price_effective_date"]),
        (
            .measure, 1,
            [
                "unit_pricing_measure", "unit_pricing_base_measure", "product_length",
                "product_width", "product_height", "product_weight", "shipping_weight",
                "shipping_length", "shipping_width", "shipping_height",
            ]
        ),

        // What it is
        (.text(most: 70), 1, ["brand", "mpn"]),
        (.gtin, 10, ["gtin"]),
        (.oneOf(["yes", "no"]), 1, ["identifier_exists", "adult", "is_bundle"]),
        (.oneOf(["new", "refurbished", "used"]), 1, ["condition"]),
        (.text(most: 750), 1, ["google_product_category"]),
        (.text(most: 750), 10, ["product_type"]),
        (.text(most: 150), 100, ["product_highlight"]),
        (.number, 1, ["multipack", "sell_on_google_quantity"]),

        // Variants
        (.text(most: 50), 1, ["item_group_id"]),
        (.text(most: 100), 1, ["color", "size", "pattern"]),
        (.text(most: 200), 1, ["material"]),
        (.oneOf(["male", "female", "unisex"]), 1, ["gender"]),
        (.oneOf(["newborn", "infant", "toddler", "kids", "adult"]), 1, ["age_group"]),
        (.oneOf(["regular", "petite", "maternity", "big", "tall", "plus"]), 2, ["size_type"]),
        (
            .oneOf(["AU", "BR", "CN", "DE", "EU", "FR", "IT", "JP", "MEX", "UK", "US"]), 1,
            ["size_system"]
        ),
        (
            .oneOf(energy), 1,
            [
                "energy_efficiency_class", "min_energy_efficiency_class",
                "max_energy_efficiency_class",
            ]
        ),

        // Campaigns, destinations, delivery
        (
            .text(most: 100), 1,
            [
                "custom_label_0", "custom_label_1", "custom_label_2", "custom_label_3",
                "custom_label_4", "ads_grouping", "shipping_label", "transit_time_label",
                "return_policy_label", "external_seller_id", "tax_category", "store_code",
                "pickup_method", "pickup_sla",
            ]
        ),
        (.text(most: 50), 10, ["promotion_id"]),
        (.text(most: 100), 100, ["ads_labels", "excluded_destination", "included_destination"]),
        (.text(most: 2), 300, ["shopping_ads_excluded_country"]),
        (.text(most: 2), 1, ["ships_from_country"]),
        (.oneOf(["ads", "all"]), 1, ["pause"]),
        (.number, 1, ["min_handling_time", "max_handling_time"]),
    ]
}
