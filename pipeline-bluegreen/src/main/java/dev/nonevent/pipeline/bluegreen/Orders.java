package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.DeploymentFailedException;
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
 * What somebody wants of a deployment that another process carries out: in files beside the ledger, one for what ends it and one
 * for everything else; in each the newest counts. So nobody's pause takes the place of an abort. Whoever deploys looks for them
 * while it waits. Nothing stands or falls with it: an order that is lost was not given, and one for a deployment that is over is
 * thrown away.
 */
final class Orders {

    private static final int MOST_BYTES = 4_096;
    private static final String SUPERSEDED = "SUPERSEDED by ";

    private final Path ends;
    private final Path steers;

    /** @param directory of the application */
    Orders(Path directory) {
        this.ends = directory.resolve("order.end");
        this.steers = directory.resolve("order");
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

    /**
     * Takes the place of one that was not yet taken.
     *
     * @throws DeploymentFailedException if it steers what somebody has told to end
     */
    void give(Order order) {
        String what = order.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + order.deployment();
        Path file = Kind.ENDS.contains(order.kind()) ? ends : steers;
        // Others give theirs at the same moment: what is moved must not be what one of them is writing.
        Path next = file.resolveSibling(file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().getId() + ".next");
        try {
            if (file.equals(steers)) {
                requireNoEnd(order);
            }
            try {
                Files.writeString(
                        next,
                        order.kind() + "\n" + order.deployment() + "\n"
                                + order.who().replaceAll("\\s+", " ") + "\n");
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the order to " + what + " could not be written to " + file + ": " + e, e);
        }
    }

    private void requireNoEnd(Order order) throws IOException {
        Optional<Order> end = read(ends).filter(found -> found.deployment().equals(order.deployment()));
        if (end.isPresent()) {
            throw new DeploymentFailedException(
                    order.deployment() + " is to end already: " + end.get().reason() + "; nothing was changed",
                    List.of());
        }
    }

    /** The order for this deployment, if it is one of these, an end first; whoever takes it carries it out. */
    Optional<Order> take(String deployment, Set<Kind> kinds) {
        Optional<Order> end = Optional.empty();
        if (kinds.stream().anyMatch(Kind.ENDS::contains)) {
            end = taken(ends, deployment, kinds);
        }
        if (kinds.stream().noneMatch(Kind.STEERS::contains)) {
            return end;
        }
        Optional<Order> steer = taken(steers, deployment, kinds);
        return end.isPresent() ? end : steer;
    }

    /** Moved away first, so that none is thrown away that comes while this one is read. */
    private static Optional<Order> taken(Path file, String deployment, Set<Kind> kinds) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Path taken = file.resolveSibling(file.getFileName() + ".taken");
        try {
            Files.move(file, taken, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Optional<Order> order = read(taken);
            Files.delete(taken);
            return order.filter(found -> found.deployment().equals(deployment) && kinds.contains(found.kind()));
        } catch (IOException e) {
            throw new InfrastructureException("what is ordered in " + file + " cannot be read: " + e, e);
        }
    }

    /** Empty if it is none. */
    private static Optional<Order> read(Path file) throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.size() == 3 ? order(lines) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<Order> order(List<String> lines) {
        return Kind.ALL.stream()
                .filter(kind -> kind.name().equals(lines.get(0)))
                .findFirst()
                .map(kind -> new Order(kind, lines.get(1), lines.get(2)));
    }
}
