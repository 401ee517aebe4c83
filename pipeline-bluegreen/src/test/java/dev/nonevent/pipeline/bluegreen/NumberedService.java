package dev.nonevent.pipeline.bluegreen;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A real service for the sweeps: its release is a file with its number and, for some, {@code unfit} (its smoke check fails) or
 * {@code failing} (it answers every GET of a user with 500). It answers {@code NUMBER ID} to a request of {@code /ID}, and
 * prints the id of every POST it has received. It never ends a connection by itself, so none is lost to an idle time.
 */
final class NumberedService {

    private static final int BACKLOG = 256;

    private final String number;
    private final boolean unfit;
    private final boolean failing;

    private NumberedService(String release) {
        this.number = release.split(" ")[0];
        this.unfit = release.contains("unfit");
        this.failing = release.contains("failing");
    }

    public static void main(String... args) throws IOException {
        NumberedService service =
                new NumberedService(Files.readString(Path.of(args[0])).strip());
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(args[1]), BACKLOG, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket socket = listener.accept();
                Thread thread = new Thread(() -> service.serve(socket));
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    /** Who hangs up in the middle of a request has not asked anything. */
    private void serve(Socket accepted) {
        try (Socket socket = accepted) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                out.write(answer(request.split(" "), body(in)).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            System.out.println("hung up: " + e);
        }
    }

    private String answer(String[] request, String body) {
        String path = request[1].substring(1);
        if (path.equals("health") || path.equals("smoke")) {
            return whole(path.equals("smoke") && unfit ? 503 : 200, path);
        } else if (path.equals("release")) {
            return whole(200, number);
        } else if (request[0].equals("POST")) {
            System.out.println("received " + body);
            return whole(200, number + " " + path);
        }
        return whole(failing ? 500 : 200, number + " " + path);
    }

    private static String whole(int status, String body) {
        return "HTTP/1.1 " + status + " As It Is\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String body(InputStream in) throws IOException {
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).trim());
            }
        }
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    /** Empty at the end of the headers, and of the connection. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
