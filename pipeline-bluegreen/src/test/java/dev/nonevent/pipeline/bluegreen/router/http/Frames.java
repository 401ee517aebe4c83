package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** WebSocket frames as bytes, written here a second time so that the router's reading of them is tested by another one. */
final class Frames {

    static final String ASK =
            "GET /ws HTTP/1.1\r\nHost: shop\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    static final String AGREE = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n";
    static final int CLOSE = 8;
    private static final int TEXT = 1;
    private static final int MASK = 0x80;

    private Frames() {}

    record Frame(int opcode, boolean masked, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        /** Of a Close. */
        int code() {
            return ByteBuffer.wrap(payload).getShort();
        }
    }

    /** As a server sends it. */
    static byte[] text(String text) {
        return frame(TEXT, text.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    /** As a client sends it. */
    static byte[] maskedText(String text) {
        return frame(TEXT, text.getBytes(StandardCharsets.ISO_8859_1), true);
    }

    static byte[] close(int code, boolean masked) {
        return frame(CLOSE, ByteBuffer.allocate(2).putShort((short) code).array(), masked);
    }

    static byte[] frame(int opcode, byte[] payload, boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x80 | opcode);
        int mask = masked ? MASK : 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else if (payload.length < 65_536) {
            out.write(mask | 126);
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            out.write(mask | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        byte[] key = masked ? new byte[] {1, 2, 3, 4} : new byte[4];
        if (masked) {
            out.writeBytes(key);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ key[i % 4]);
        }
        return out.toByteArray();
    }

    static Frame read(InputStream in) throws IOException {
        int first = octet(in);
        int second = octet(in);
        long length = second & 0x7F;
        if (length == 126) {
            length = ByteBuffer.wrap(in.readNBytes(2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = ByteBuffer.wrap(in.readNBytes(8)).getLong();
        }
        boolean masked = (second & MASK) != 0;
        byte[] key = masked ? in.readNBytes(4) : new byte[4];
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException("a frame ends after " + payload.length + " of " + length + " bytes");
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i % 4];
        }
        return new Frame(first & 0x0F, masked, payload);
    }

    private static int octet(InputStream in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the connection ended before a frame");
        }
        return octet;
    }

    /** Upgrades, and is sure that it did. */
    static RawClient upgrade(RawClient client) throws IOException {
        int status = client.send(ASK).readWithoutBody().status();
        if (status != 101) {
            throw new IOException("no WebSocket but " + status);
        }
        return client;
    }
}
