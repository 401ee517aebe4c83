package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;

/**
 * Finds ports that nobody listens on, below those that systems give to outgoing connections: one of these could take a port
 * in the moment in which its container is started again. Somebody else may take one before it is used.
 *
 * @param from the first of them
 * @param to the last of them
 */
record HostPorts(int from, int to) {

    private static final int ANY = 0;

    HostPorts {
        if (from < 1 || to > 65_535 || from > to) {
            throw new IllegalArgumentException("ports " + from + " to " + to + " are no range from 1 to 65535");
        }
    }

    /**
     * @param address the machine's own, that is listened on
     * @param start where to begin to look, so that two who look at once look at different ones
     * @param taken what must not be used: {@code http://127.0.0.1:20000}
     */
    int free(String address, int start, Collection<String> taken) {
        int count = to - from + 1;
        for (int i = 0; i < count; i++) {
            int port = from + Math.floorMod(start + i, count);
            if (!taken.contains("http://" + address + ":" + port) && isFree(address, port)) {
                return port;
            }
        }
        if (!isFree(address, ANY)) {
            throw new InfrastructureException(
                    address + " is no address of this machine: releases are published at one that it has");
        }
        throw new InfrastructureException("every port from " + from + " to " + to + " of " + address
                + " is in use: end something, or allow more ports");
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Otherwise a connection that was just closed would look like somebody who listens.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
