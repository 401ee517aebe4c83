package dev.nonevent.pipeline.examples;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What the developer changes from push to push; the files lie beside the classes, in a directory for each story.
 *
 * @param story whose shop it is: {@code quickstart} in Java, {@code containers} for a busybox
 * @param message of the commit
 * @param files that the release changes, relative to the repository
 */
record ShopRelease(String story, String version, String message, List<String> files) {

    private static final String MAIN = "src/main/java/shop/Main.java";
    private static final String ORDERS = "src/main/java/shop/Orders.java";
    private static final String TEST = "src/test/java/shop/OrdersTest.java";

    static final ShopRelease V1 =
            new ShopRelease("quickstart", "v1", "A shop that takes orders", List.of(MAIN, ORDERS, TEST));
    static final ShopRelease V2 = new ShopRelease("quickstart", "v2", "Ten items are cheaper", List.of(ORDERS, TEST));
    static final ShopRelease V3 = new ShopRelease("quickstart", "v3", "Simplify the discount", List.of(ORDERS));
    static final ShopRelease V4 = new ShopRelease("quickstart", "v4", "Search in old orders", List.of(ORDERS));
    static final ShopRelease V5 =
            new ShopRelease("quickstart", "v5", "Receipts in the shop's currency", List.of(ORDERS));

    InputStream open(String file) throws IOException {
        String resource = "/" + story + "/" + version + "/" + file;
        InputStream content = ShopRelease.class.getResourceAsStream(resource);
        if (content == null) {
            throw new FileNotFoundException("the class path has no " + resource);
        }
        return content;
    }
}
