extension GoogleAttributes {
    private typealias Part = FeedAttribute.Part

    private static let source = Part(
        "digital_source_type", .oneOf(["default", "trained_algorithmic_media"]))

    /// Attributes with attributes of their own inside.
    static let groups: [(FeedAttribute.Kind, Int, [String])] = [
        // What it is
        (
            .group([source, Part("content", .text(most: 150), isRequired: true)]), 1,
            ["structured_title"]
        ),
        (
            .group([source, Part("content", .text(most: 5000), isRequired: true)]), 1,
            ["structured_description"]
        ),
        (.group(detail), 1000, ["product_detail"]),
        (.group(certification), 100, ["certification"]),

        // Price
        (.group(installment), 1, ["installment"]),
        (.group(subscription), 1, ["subscription_cost"]),
        (.group(loyalty), 100, ["loyalty_program"]),

        // Delivery
        (.group(shipping), 100, ["shipping"]),
        (.group(threshold), 100, ["free_shipping_threshold"]),
        (.group(cutoff), 100, ["handling_cutoff_time"]),
    ]

    private static let detail = [
        Part("section_name", .text(most: 140)),
        Part("attribute_name", .text(most: 140), isRequired: true),
        Part("attribute_value", .text(most: 1000), isRequired: true),
    ]

    private static let certification = [
        Part("certification_authority", .text(most: 2000), isRequired: true),
        Part("certification_name", .text(most: 2000), isRequired: true),
        Part("certification_code", .text(most: 2000)),
        Part("certification_value", .text(most: 2000)),
    ]

    private static let installment = [
        Part("months", .number, isRequired: true), Part("amount", .price, isRequired: true),
        Part("downpayment", .amount), Part("credit_type", .oneOf(["finance", "lease"])),
    ]

    private static let subscription = [
        Part("period", .oneOf(["week", "month", "year"]), isRequired: true),
        Part("period_length", .number, isRequired: true),
        Part("amount", .price, isRequired: true),
    ]

    private static let loyalty = [
        Part("program_label", .text(most: 100), isRequired: true),
        Part("tier_label", .text(most: 100)), Part("price", .price),
        Part("cashback_for_future_use", .amount), Part("loyalty_points", .number),
        Part("member_price_effective_date", .dates), Part("shipping_label", .text(most: 100)),
    ]

    private static let shipping = [
        Part("country", .text(most: 2), isRequired: true), Part("region", .text(most: 100)),
        Part("postal_code", .text(most: 100)), Part("location_id", .number),
        Part("location_group_name", .text(most: 100)), Part("service", .text(most: 100)),
        Part("price", .amount), Part("min_handling_time", .number),
        Part("max_handling_time", .number), Part("min_transit_time", .number),
        Part("max_transit_time", .number), Part("loyalty_program_label", .text(most: 100)),
        Part("loyalty_tier_label", .text(most: 100)),
    ]

    private static let threshold = [
        Part("country", .text(most: 2), isRequired: true),
        Part("price_threshold", .amount, isRequired: true),
    ]

    private static let cutoff = [
        Part("country", .text(most: 2), isRequired: true),
        Part("cutoff_time", .number, isRequired: true),
        Part("cutoff_timezone", .text(most: 100)),
        Part("disable_delivery_after_cutoff", .oneOf(["true", "false"])),
    ]
}
