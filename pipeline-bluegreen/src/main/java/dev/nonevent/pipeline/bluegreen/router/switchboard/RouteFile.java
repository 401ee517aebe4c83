package dev.nonevent.pipeline.bluegreen.router.switchboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the route survives the router: {@code route.json}, and the one before it in {@code route.previous.json}.
 *
 * <p>Written to another file, forced, renamed, the directory forced. Two lines: what follows with its checksum, and the
 * route. A torn or lost file means the one before it; if that is no good either, reading refuses: a router that has had a
 * route never starts with none.
 */
public final class RouteFile implements Switchboard.Memory {

    private static final int VERSION = 2;
    private static final int LARGEST = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    private final Path current;
    private final Path previous;
    private final Path next;
    private final Path home;
    private final String application;

    public RouteFile(Path home, String application) {
        this.home = home;
        this.application = application;
        this.current = home.resolve("route.json");
        this.previous = home.resolve("route.previous.json");
        this.next = home.resolve("route.next.json");
    }

    /** The first line. */
    private record Seal(int version, String application, String sha256) {}

    /**
     * The last route that was kept; none at all if there never was one.
     *
     * @throws TrafficUnknownException if there was one and it cannot be read
     */
    public Route restore() {
        Optional<Route> newest = read(current).or(() -> read(previous));
        if (newest.isPresent()) {
            return newest.get();
        }
        if (Files.exists(current) || Files.exists(previous)) {
            throw new TrafficUnknownException(
                    "neither " + current + " nor " + previous
                            + " can be read, so nobody knows where traffic was: put back a good one, or remove both to begin anew");
        }
        return Route.none();
    }

    /** Whether a restart would bring back this route. */
    public boolean holds(Route route) {
        return read(current).filter(route::equals).isPresent();
    }

    @Override
    public void keep(Route route) {
        write(lines(route));
        try {
            if (read(current).isPresent()) {
                Files.move(current, previous, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
            PrivateFile.forceDirectory(home);
        } catch (IOException e) {
            throw new TrafficUnknownException(
                    "the route could not be kept in " + current + " (" + e.getMessage()
                            + "): traffic stays where it is, but a restart of the router may see either route",
                    e);
        }
    }

    /** What is there already is not touched. */
    private void write(byte[] lines) {
        try {
            PrivateFile.write(next, lines);
        } catch (IOException e) {
            // half a file would take the room that the next one needs
            removeQuietly(next);
            throw new TrafficUnknownException(
                    "the route could not be written to " + next + " (" + e.getMessage()
                            + "): traffic stays where it is, also after a restart; make room there, or make it writable, and switch again",
                    e);
        }
    }

    private static void removeQuietly(Path half) {
        try {
            Files.deleteIfExists(half);
        } catch (IOException e) {
            // the next attempt overwrites it, and the one that failed is being told already
        }
    }

    /** What is kept is read again: so it is not too long for that. */
    private byte[] lines(Route route) {
        try {
            byte[] body = JSON.writeValueAsBytes(route);
            byte[] seal = JSON.writeValueAsBytes(new Seal(VERSION, application, sha256(body)));
            int size = seal.length + body.length + 2;
            if (size > LARGEST) {
                throw new IllegalArgumentException("the routing is too long to be kept: " + size + " bytes of at most "
                        + LARGEST + "; give its targets shorter names and addresses");
            }
            ByteBuffer lines = ByteBuffer.allocate(size);
            lines.put(seal).put((byte) '\n').put(body).put((byte) '\n');
            return lines.array();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the routing cannot be kept: " + e.getOriginalMessage(), e);
        }
    }

    /** Empty if it is missing or torn. */
    private Optional<Route> read(Path file) {
        String text;
        try {
            if (!Files.exists(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            text = Files.readString(file);
        } catch (IOException e) {
            return Optional.empty();
        }
        String[] lines = text.split("\n", -1);
        Seal seal = lines.length < 2 ? null : parse(lines[0], Seal.class);
        if (seal == null) {
            return Optional.empty();
        }
        refuseForeign(seal, file);
        boolean whole = sha256(lines[1].getBytes(StandardCharsets.UTF_8)).equals(seal.sha256());
        return whole ? Optional.ofNullable(parse(lines[1], Route.class)) : Optional.empty();
    }

    private void refuseForeign(Seal seal, Path file) {
        if (seal.version() != VERSION) {
            throw new TrafficUnknownException(file + " has version " + seal.version()
                    + ", and this router reads version " + VERSION + ": start the router that wrote it");
        }
        if (!application.equals(seal.application())) {
            throw new TrafficUnknownException(file + " belongs to " + seal.application() + ", not to " + application
                    + ": give each application a home of its own");
        }
    }

    private static <T> @Nullable T parse(String line, Class<T> type) {
        try {
            return JSON.readValue(line, type);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
