package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The private place where a worker says which edition it goes by; each question is a new connection, so any worker may answer. */
final class Check {

    private static final Pattern ANSWER =
            Pattern.compile("^HTTP/1\\.1 200 .*\r\n\r\n(\\d{1,18}) (\\d{1,9})\n$", Pattern.DOTALL);
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int LARGEST = 4_096;

    private final int port;

    Check(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    /** Whether another program has the port, so that nginx could not start with the file. */
    boolean isTaken() {
        if (answers()) {
            return false;
        }
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    boolean answers() {
        return ask().isPresent();
    }

    /** What a worker says. */
    record Answer(long edition, long worker) {}

    /**
     * Empty if nobody is there, or nobody of ours.
     *
     * @throws TrafficUnknownException if somebody is there and says nothing
     */
    Optional<Answer> ask() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: check\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            Matcher answer = ANSWER.matcher(new String(in.readNBytes(LARGEST), StandardCharsets.US_ASCII));
            return answer.matches()
                    ? Optional.of(new Answer(Long.parseLong(answer.group(1)), Long.parseLong(answer.group(2))))
                    : Optional.empty();
        } catch (SocketTimeoutException e) {
            throw new TrafficUnknownException(
                    "nginx is to say at 127.0.0.1:" + port + " what it goes by, and who takes connections there is"
                            + " silent: it hangs, or another program has that port; nobody knows where traffic is",
                    e);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
