package shop;

import java.io.IOException;

/** What things cost, in cents; ten or more are cheaper. Old orders are searched in the archive. */
final class Orders {

    private static final int PRICE = 250;
    private static final int MANY = 10;

    private Orders() {}

    static int total(int items) {
        int full = items * PRICE;
        return items >= MANY ? full - full / 10 : full;
    }

    static String receipt(int items) {
        return "{\"items\":" + items + ",\"total\":" + total(items) + ",\"currency\":\"EUR\"}";
    }

    static Process search(String customer) throws IOException {
        return Runtime.getRuntime().exec("grep " + customer + " archive.csv");
    }
}
