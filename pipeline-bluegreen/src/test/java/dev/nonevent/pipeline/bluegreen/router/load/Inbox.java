package dev.nonevent.pipeline.bluegreen.router.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What has arrived on one connection, cut into messages of HTTP/1.1. It knows lengths only: no chunks. */
final class Inbox {

    private static final int USUAL = 512;
    private static final int LONGEST = 64 * 1024;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length: ";

    private byte[] bytes = new byte[USUAL];
    private int filled;

    /** A whole message. */
    record Message(String firstLine, String body) {}

    /** False if the other side has ended the connection. */
    boolean readFrom(SocketChannel channel) throws IOException {
        if (filled == bytes.length) {
            if (filled >= LONGEST) {
                throw new IOException("a message of more than " + LONGEST + " bytes");
            }
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int read = channel.read(ByteBuffer.wrap(bytes, filled, bytes.length - filled));
        filled += Math.max(0, read);
        return read >= 0;
    }

    /** The oldest whole message, taken out; empty if there is none yet. */
    Optional<Message> next() throws IOException {
        String text = new String(bytes, 0, filled, StandardCharsets.ISO_8859_1);
        int headEnds = text.indexOf(END_OF_HEAD);
        if (headEnds < 0) {
            return Optional.empty();
        }
        int bodyBegins = headEnds + END_OF_HEAD.length();
        int end = bodyBegins + length(text.substring(0, headEnds + 2).toLowerCase(Locale.ROOT));
        if (end > filled) {
            return Optional.empty();
        }
        System.arraycopy(bytes, end, bytes, 0, filled - end);
        filled -= end;
        return Optional.of(new Message(text.substring(0, text.indexOf('\r')), text.substring(bodyBegins, end)));
    }

    boolean isEmpty() {
        return filled == 0;
    }

    private static int length(String head) throws IOException {
        if (head.contains("\r\ntransfer-encoding:")) {
            throw new IOException("a message with a length was expected: " + head);
        }
        int at = head.indexOf(LENGTH);
        return at < 0 ? 0 : Integer.parseInt(head, at + LENGTH.length(), head.indexOf('\r', at + LENGTH.length()), 10);
    }
}
