package dev.nonevent.pipeline.executor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a service is reached by somebody: the same service has one address for processes of this machine and another for
 * those in containers.
 *
 * @param ports each port as the service knows it, with the one to be used; in the order they were declared
 */
public record ServiceAddress(String host, Map<Integer, Integer> ports) {

    public ServiceAddress {
        ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    }

    /** The address at which each port has its own number. */
    public static ServiceAddress of(String host, List<Integer> ports) {
        Map<Integer, Integer> same = new LinkedHashMap<>();
        ports.forEach(port -> same.put(port, port));
        return new ServiceAddress(host, same);
    }

    /**
     * The port to be used for the service's first.
     *
     * @throws IllegalStateException if it has none
     */
    public int port() {
        return ports.values().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the service at " + host + " has no port"));
    }

    /**
     * The port to be used for one of the service's.
     *
     * @param declared as the service knows it
     * @throws IllegalArgumentException if it was not declared
     */
    public int port(int declared) {
        Integer port = ports.get(declared);
        if (port == null) {
            throw new IllegalArgumentException(
                    "the service at " + host + " has no port " + declared + ", only " + ports.keySet());
        }
        return port;
    }
}
