package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.model.Network;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Addresses in a network of the engine's that no container has, and none will have again when it is started again. */
final class NetworkAddresses {

    private static final int BITS = 32;

    private final Engine engine;
    private final String network;

    NetworkAddresses(Engine engine, String network) {
        this.engine = engine;
        this.network = network;
    }

    /**
     * Somebody else may take one before it is used.
     *
     * @param start where to begin to look, so that two who look at once look at different ones
     * @param taken addresses, such as {@code 10.1.0.2}
     */
    String free(int start, Collection<String> taken) {
        Network there = inspected();
        Network.Ipam.Config range = range(there);
        String subnet = Objects.requireNonNull(range.getSubnet());
        int slash = subnet.indexOf('/');
        int size = BITS - Integer.parseInt(subnet.substring(slash + 1));
        Set<String> used = new HashSet<>(taken);
        used.add(String.valueOf(range.getGateway()));
        there.getContainers().values().forEach(each -> used.add(withoutMask(each.getIpv4Address())));
        long first = number(subnet.substring(0, slash)) >>> size << size;
        // Neither the network's own nor the one for all.
        long count = (1L << size) - 2;
        for (long i = 0; i < count; i++) {
            String address = text(first + 1 + Math.floorMod(start + i, count));
            if (!used.contains(address)) {
                return address;
            }
        }
        throw new InfrastructureException("every address of the network " + network + " (" + subnet
                + ") is in use: end something, or make a larger one");
    }

    private Network inspected() {
        try {
            return engine.ask(
                    "looking at the network " + network,
                    docker -> docker.inspectNetworkCmd().withNetworkId(network).exec());
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                throw new InfrastructureException(
                        "the engine at " + engine.address() + " has no network " + network
                                + ": make it with docker network create --subnet 10.20.0.0/24 " + network,
                        refused);
            }
            throw refused;
        }
    }

    private Network.Ipam.Config range(Network there) {
        List<Network.Ipam.@Nullable Config> ranges = there.getIpam().getConfig();
        return (ranges == null ? List.<Network.Ipam.Config>of() : ranges)
                .stream()
                        .filter(each -> each != null
                                && each.getSubnet() != null
                                && !each.getSubnet().contains(":"))
                        .findFirst()
                        .orElseThrow(() -> new InfrastructureException("the network " + network
                                + " has no IPv4 subnet: make one with docker network create --subnet 10.20.0.0/24"));
    }

    private static String withoutMask(@Nullable String address) {
        return address == null ? "" : address.replaceFirst("/.*", "");
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }

    private static String text(long number) {
        return (number >> 24 & 255) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
