package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.128.0/17, 192.168.200.1, true",
        "192.168.128.0/17, 192.168.127.255, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::1, ::1, true",
        "fd00::/8, fdab::1, true",
        "fd00::/8, fe80::1, false",
        "::ffff:10.0.0.0/8, 10.1.1.1, true",
    })
    void addressIsInItOrNot(String network, String address, boolean inside) throws Exception {
        assertThat(Network.parse(network).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "256.0.0.1",
                "::1/129",
                "10.0.0.0/eight",
                " 10.0.0.0/8",
                "example.org/8",
                "1",
                ":"
            })
    void anythingElseIsNoNetwork(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void deskTrustsNobodyUnlessItIsTold() throws Exception {
        Desk desk = new Desk();
        InetAddress peer = InetAddress.getByName("10.1.1.1");
        assertThat(desk.trusts(peer)).isFalse();

        desk.trust(Network.parse("10.0.0.0/8").stream().toList());

        assertThat(desk.trusts(peer)).isTrue();
    }
}
