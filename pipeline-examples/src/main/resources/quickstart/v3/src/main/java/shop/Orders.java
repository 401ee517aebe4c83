package shop;

/** What things cost, in cents; more than ten are cheaper. */
final class Orders {

    private static final int PRICE = 250;
    private static final int MANY = 10;

    private Orders() {}

    static int total(int items) {
        int full = items * PRICE;
        return items > MANY ? full - full / 10 : full;
    }

    static String receipt(int items) {
        return "{\"items\":" + items + ",\"total\":" + total(items) + ",\"currency\":\"EUR\"}";
    }
}
