package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class OrdersTest {

    @Test
    void threeItemsCostThreeTimesThePrice() {
        assertEquals(750, Orders.total(3));
    }

    @Test
    void nothingCostsNothing() {
        assertEquals(0, Orders.total(0));
    }
}
