package shop;

/** What things cost, in cents; ten or more are cheaper. Receipts carry the shop's currency. */
final class Orders {

    private static final int PRICE = 250;
    private static final int MANY = 10;

    private Orders() {}

    static int total(int items) {
        int full = items * PRICE;
        return items >= MANY ? full - full / 10 : full;
    }

    static String receipt(int items) {
        String currency = System.getenv("SHOP_CURRENCY");
        if (currency == null) {
            throw new IllegalStateException("SHOP_CURRENCY is not set");
        }
        return "{\"items\":" + items + ",\"total\":" + total(items) + ",\"currency\":\"" + currency + "\"}";
    }
}
