package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client of HTTP/2 that keeps to no rule: frames as bytes, written here so that no library's manners get in the way. */
final class RawStreams implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GO_AWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final int REFUSED_STREAM = 7;
    static final int ENHANCE_YOUR_CALM = 11;
    static final int FLOW_CONTROL_ERROR = 3;

    final RawClient client;
    private final DataInputStream in;

    /** @param settings identifiers and values in turn */
    RawStreams(URI address, int... settings) throws IOException {
        client = new RawClient(address);
        in = new DataInputStream(client.in());
        ByteBuffer said = ByteBuffer.allocate(settings.length / 2 * 6);
        for (int i = 0; i < settings.length; i += 2) {
            said.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(frame(SETTINGS, 0, 0, said.array()));
    }

    record Frame(int type, int flags, int stream, byte[] payload) {

        /** Of a reset or, behind a stream, of a goodbye. */
        int error() {
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            return type == GO_AWAY ? bytes.getInt(4) : bytes.getInt();
        }
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The fields of {@code GET path} or {@code POST path}, for shop; no field is put into the table. */
    static byte[] fields(String method, String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(method.equals("GET") ? 0x82 : 0x83);
        out.write(0x86);
        literal(out, 4, path);
        literal(out, 1, "shop");
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, int indexOfName, String value) {
        out.write(indexOfName);
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] get(int stream, String path) {
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, fields("GET", path));
    }

    static byte[] post(int stream, String path) {
        return frame(HEADERS, END_HEADERS, stream, fields("POST", path));
    }

    static byte[] reset(int stream) {
        return frame(RESET, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
    }

    static byte[] more(int stream, int bytes) {
        return frame(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    RawStreams send(byte[]... frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : frames) {
            all.writeBytes(each);
        }
        client.socket.getOutputStream().write(all.toByteArray());
        client.socket.getOutputStream().flush();
        return this;
    }

    /** Over and over, until the connection takes no more or so many were sent; how many were. */
    int flood(int times, byte[] frames) {
        for (int i = 0; i < times; i++) {
            try {
                send(frames);
            } catch (IOException e) {
                return i;
            }
        }
        return times;
    }

    Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    Frame awaitFrame(Predicate<Frame> wanted) throws IOException {
        Frame frame = read();
        while (!wanted.test(frame)) {
            frame = read();
        }
        return frame;
    }

    /** All that still comes, up to the end of the connection. */
    List<Frame> rest() throws IOException {
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(read());
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new IOException("the connection goes on, after " + frames.size() + " frames", e);
        } catch (IOException e) {
            // an end is an end, and a flood that meets a closed socket is answered by a reset
            return frames;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
