package dev.nonevent.pipeline.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Somebody with every right on the machine, who inspects all containers and images, reads their histories, the engine's
 * events and every process's arguments, over and over, until it is closed.
 */
final class Onlooker implements AutoCloseable {

    private final Path socket;
    private final List<String> needles;
    private final Set<String> seen = new TreeSet<>();
    private final Set<String> commands = new TreeSet<>();
    private final Set<String> histories = new TreeSet<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread thread = new Thread(this::look, "onlooker");
    private int inspections;

    /** @param needles what must be nowhere */
    Onlooker(Path socket, List<String> needles) {
        this.socket = socket;
        this.needles = List.copyOf(needles);
        thread.start();
    }

    /** Where a needle was seen. After the end, as all the others. */
    Set<String> seen() {
        return seen;
    }

    /** The argument lists of all processes. */
    Set<String> commands() {
        return commands;
    }

    Set<String> histories() {
        return histories;
    }

    int inspections() {
        return inspections;
    }

    private void look() {
        try {
            do {
                lookOnce();
            } while (!enough.await(10, TimeUnit.MILLISECONDS));
            lookOnce();
            examine("events", ask("/events?since=0&until=" + System.currentTimeMillis() / 1000));
        } catch (IOException | InterruptedException e) {
            seen.add("the onlooker could not look: " + e);
        }
    }

    private void lookOnce() throws IOException {
        for (JsonNode each : list("/containers/json?all=1")) {
            String id = each.path("Id").asText();
            String container = ask("/containers/" + id + "/json");
            inspections++;
            examine("container " + id, container);
            for (JsonNode exec : json(container).path("ExecIDs")) {
                examine("exec of " + id, ask("/exec/" + exec.asText() + "/json"));
            }
            examine("processes of " + id, ask("/containers/" + id + "/top"));
        }
        for (JsonNode each : list("/images/json?all=1")) {
            String id = each.path("Id").asText();
            examine("image " + id, ask("/images/" + id + "/json"));
            String history = ask("/images/" + id + "/history");
            histories.add(history);
            examine("history of " + id, history);
        }
        lookAtProcesses();
    }

    private void lookAtProcesses() throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path each : processes) {
                String command = read(each.resolve("cmdline")).replace('\0', ' ');
                commands.add(command);
                examine("process " + each.getFileName(), command);
            }
        }
    }

    private void examine(String where, String text) {
        for (String needle : needles) {
            if (text.contains(needle)) {
                seen.add(where + " shows " + needle);
            }
        }
    }

    private List<JsonNode> list(String path) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        json(ask(path)).forEach(all::add);
        return all;
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    /** What is gone meanwhile is an answer as well. */
    private String ask(String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(
                    ("GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try (InputStream input = Channels.newInputStream(channel)) {
                input.transferTo(answer);
            }
            String text = answer.toString(StandardCharsets.UTF_8);
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    /** Empty if the process is gone. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    @Override
    public void close() throws InterruptedException {
        enough.countDown();
        thread.join();
    }
}
