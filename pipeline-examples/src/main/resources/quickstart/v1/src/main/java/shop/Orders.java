package shop;

/** What things cost, in cents. */
final class Orders {

    private static final int PRICE = 250;

    private Orders() {}

    static int total(int items) {
        return items * PRICE;
    }

    static String receipt(int items) {
        return "{\"items\":" + items + ",\"total\":" + total(items) + "}";
    }
}
