package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import com.google.common.net.InetAddresses;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the engine says about a service's container at one moment.
 *
 * @param hasSaidIt whether it has printed what it is waited for to print
 */
record Glance(InspectContainerResponse inspected, boolean hasSaidIt) {

    boolean isRunning() {
        return Boolean.TRUE.equals(inspected.getState().getRunning());
    }

    @Nullable
    HealthState health() {
        return inspected.getState().getHealth();
    }

    /** How it ended: {@code exited 1}. */
    String end(Recipe recipe) {
        if (Boolean.TRUE.equals(inspected.getState().getOOMKilled())) {
            return "was killed by the kernel, out of memory"
                    + (recipe.memory.isPresent() ? ": its limit is " + (recipe.memory.getAsLong() >> 20) + " MiB" : "");
        }
        return "exited " + inspected.getState().getExitCodeLong();
    }

    /** Where this machine reaches a declared port. */
    InetSocketAddress published(int port) {
        Ports.Binding[] bindings =
                inspected.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(port));
        if (bindings == null || bindings.length == 0) {
            throw new InfrastructureException(
                    "port " + port + " of container " + inspected.getId() + " was not published by the engine");
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(bindings[0].getHostPortSpec()));
    }

    /** The same port at the container's own address, which not every machine can reach. */
    Optional<InetSocketAddress> inside(int port) {
        Map<String, ContainerNetwork> networks = inspected.getNetworkSettings().getNetworks();
        return networks.values().stream()
                .map(ContainerNetwork::getIpAddress)
                .filter(address -> address != null && !address.isEmpty())
                .findFirst()
                .map(address -> new InetSocketAddress(InetAddresses.forString(address), port));
    }
}
