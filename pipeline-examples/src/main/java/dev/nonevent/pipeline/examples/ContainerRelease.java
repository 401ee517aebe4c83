package dev.nonevent.pipeline.examples;

import java.util.List;

/** What is pushed in {@link ContainerDelivery}: a shop of a few scripts, which a busybox runs. */
final class ContainerRelease {

    private static final String PRICES = "shop/prices.sh";
    private static final String ARCHIVE = "shop/archive.sh";
    private static final String UNIT_TEST = "test/unit.sh";

    static final ShopRelease V1 = release(
            "v1",
            "A shop that takes orders",
            "Dockerfile",
            "build.sh",
            PRICES,
            ARCHIVE,
            "shop/www/health",
            "shop/www/cgi-bin/orders",
            "test/junit.sh",
            UNIT_TEST,
            "test/integration.sh");
    static final ShopRelease V2 = release("v2", "Ten items are cheaper", PRICES, UNIT_TEST);
    static final ShopRelease V3 = release("v3", "Simplify the discount", PRICES);
    static final ShopRelease V4 = release("v4", "Archive each order once", ARCHIVE);
    static final ShopRelease V5 = release("v5", "Receipts in the shop's currency", PRICES);

    private ContainerRelease() {}

    private static ShopRelease release(String version, String message, String... files) {
        return new ShopRelease("containers", version, message, List.of(files));
    }
}
