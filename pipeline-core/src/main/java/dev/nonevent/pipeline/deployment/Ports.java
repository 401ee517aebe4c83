package dev.nonevent.pipeline.deployment;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds ports nobody listens on. Somebody else may take one before it is used. */
record Ports(int from, int to) {

    static Ports any() {
        return new Ports(0, 0);
    }

    static Ports between(int from, int to) {
        if (from < 1 || to > 65_535 || from > to) {
            throw new IllegalArgumentException("ports " + from + " to " + to + " are no range from 1 to 65535");
        }
        return new Ports(from, to);
    }

    int free() {
        if (from == 0) {
            return pickedBySystem();
        }
        for (int port = from; port <= to; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new InfrastructureException(
                from == to
                        ? "port " + from + " is in use; end what listens on it or allow another one"
                        : "every port from " + from + " to " + to + " is in use; end something or allow more ports");
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Otherwise a connection that was just closed would look like somebody who listens.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int pickedBySystem() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new InfrastructureException("this machine has no free port: " + e, e);
        }
    }
}
