package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostPortsTest {

    @Test
    void anAddressThatIsAnotherMachinesIsNotToldAsPortsInUse() {
        // Kept for documents: no machine has it.
        assertThatThrownBy(() -> new HostPorts(20_000, 20_001).free("203.0.113.1", 0, List.of()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("203.0.113.1 is no address of this machine: releases are published at one that it has");
    }

    @Test
    void portsInUseAreSaid() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = busy.getLocalPort();

            assertThatThrownBy(() -> new HostPorts(port, port).free("127.0.0.1", 0, List.of()))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageStartingWith("every port from " + port + " to " + port + " of 127.0.0.1 is in use");
        }
    }
}
