package dev.nonevent.pipeline.bluegreen.proxy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where an instance is, in numbers: a proxy that is given a name would look it up once, and never again.
 *
 * @param ip as it is written, {@code 127.0.0.1} or {@code 0:0:0:0:0:0:0:1}
 */
public record Endpoint(String ip, int port) {

    private static final int HTTP = 80;

    /** @throws IllegalArgumentException if nobody knows the name of its host, or no proxy can go there */
    static Endpoint of(Target target) {
        String host = target.address().getHost();
        int port = target.address().getPort();
        try {
            InetAddress found = InetAddress.getByName(host);
            String ip = found.getHostAddress();
            if (found.isAnyLocalAddress() || found.isMulticastAddress() || ip.indexOf('%') >= 0) {
                throw new IllegalArgumentException(target.deployment() + " is said to be at " + ip
                        + ", which is no address of one machine: give it one that a proxy can connect to");
            }
            return new Endpoint(ip, port < 0 ? HTTP : port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    target.deployment() + " is said to be at " + host + ", and nobody knows where that is", e);
        }
    }

    /** As in a URL. */
    @JsonIgnore
    public String authority() {
        return (ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":" + port;
    }
}
