package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of addresses, as in {@code 10.0.0.0/8}, {@code 192.0.2.7} or {@code fd00::/8}. */
public final class Network {

    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern LITERAL =
            Pattern.compile("(?:" + BYTE + "\\.){3}" + BYTE + "|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");
    private static final int BITS_OF_A_BYTE = 8;
    private static final int ALL = 0xFF;

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** Empty if it is none; no name is ever looked up. */
    public static Optional<Network> parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 2 || !LITERAL.matcher(parts[0]).matches()) {
            return Optional.empty();
        }
        try {
            byte[] address = InetAddress.getByName(parts[0]).getAddress();
            int all = address.length * BITS_OF_A_BYTE;
            if (parts.length == 1) {
                return Optional.of(new Network(address, all));
            }
            boolean good = BITS.matcher(parts[1]).matches() && Integer.parseInt(parts[1]) <= all;
            return good ? Optional.of(new Network(address, Integer.parseInt(parts[1]))) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress peer) {
        byte[] other = peer.getAddress();
        if (other.length != address.length) {
            return false;
        }
        int whole = bits / BITS_OF_A_BYTE;
        for (int i = 0; i < whole; i++) {
            if (other[i] != address[i]) {
                return false;
            }
        }
        int rest = bits % BITS_OF_A_BYTE;
        int mask = ALL << (BITS_OF_A_BYTE - rest) & ALL;
        return rest == 0 || ((other[whole] ^ address[whole]) & mask) == 0;
    }
}
