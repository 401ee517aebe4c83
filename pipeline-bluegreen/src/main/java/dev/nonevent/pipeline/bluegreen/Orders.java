package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody wants of a deployment that another process carries out: one order at a time, in a file beside the ledger, the
 * newest counts. Whoever deploys looks for it while it waits. Nothing stands or falls with it: an order that is lost was not
 * given, and one for a deployment that is over is thrown away.
 */
final class Orders {

    private static final int MOST_BYTES = 4_096;
    private static final String SUPERSEDED = "SUPERSEDED by ";

    private final Path file;

    /** @param directory of the application */
    Orders(Path directory) {
        this.file = directory.resolve("order");
    }

    /** What can be wanted. */
    enum Kind {
        PAUSE,
        PROMOTE,
        PROMOTE_FULLY,
        ABORT,
        SUPERSEDE;

        /** What ends it. */
        static final Set<Kind> ENDS = Set.of(ABORT, SUPERSEDE);

        /** What is meant for the process that carries it out; its end is the end of that. */
        static final Set<Kind> STEERS = Set.of(PAUSE, PROMOTE, PROMOTE_FULLY);

        static final Set<Kind> ALL = Set.of(values());
    }

    /**
     * @param deployment that it is for
     * @param who wants it: a person, or the release that comes next
     */
    record Order(Kind kind, String deployment, String who) {

        /** Why a deployment that gets it is given up. */
        String reason() {
            return kind == Kind.SUPERSEDE ? supersededBy(who) : "it was aborted by " + who;
        }
    }

    static String supersededBy(String who) {
        return SUPERSEDED + who;
    }

    /** Whether that is why. */
    static boolean isSupersession(String reason) {
        return reason.startsWith(SUPERSEDED);
    }

    /** Takes the place of one that was not yet taken. */
    void give(Order order) {
        String text =
                order.kind() + "\n" + order.deployment() + "\n" + order.who().replaceAll("\\s+", " ") + "\n";
        Path next = file.resolveSibling("order.next");
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the order to "
                            + order.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + order.deployment()
                            + " could not be written to " + file + ": " + e,
                    e);
        }
    }

    /** The order for this deployment, if it is one of these; whoever takes it carries it out. */
    Optional<Order> take(String deployment, Set<Kind> kinds) {
        try {
            Optional<Order> order = read();
            boolean stale =
                    order.filter(found -> found.deployment().equals(deployment)).isEmpty();
            Optional<Order> taken = order.filter(found -> !stale && kinds.contains(found.kind()));
            if (stale || taken.isPresent()) {
                Files.deleteIfExists(file);
            }
            return taken;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new InfrastructureException("what is ordered in " + file + " cannot be read: " + e, e);
        }
    }

    /** Empty if it is none. */
    private Optional<Order> read() throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        } else if (Files.size(file) > MOST_BYTES) {
            return Optional.empty();
        }
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (lines.size() != 3) {
            return Optional.empty();
        }
        return Kind.ALL.stream()
                .filter(kind -> kind.name().equals(lines.get(0)))
                .findFirst()
                .map(kind -> new Order(kind, lines.get(1), lines.get(2)));
    }
}
