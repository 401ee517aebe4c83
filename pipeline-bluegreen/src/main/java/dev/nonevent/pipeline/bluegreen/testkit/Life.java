package dev.nonevent.pipeline.bluegreen.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One life of a deploying process, which touches the world until it is through or killed. It finds where dying makes a
 * difference: at the first touch after each change of the disk or of the world. Nothing else survives a death, so a life that
 * ends anywhere ends like one that ends at such a boundary; and code that writes or does something new makes a new one by
 * doing so. Only what its own thread does counts. How often it touches the world between two boundaries depends on how busy
 * the machine is, so they are told apart by their order and by nothing else.
 */
final class Life implements Consumer<String> {

    private static final int UNTIL_THE_END = Integer.MAX_VALUE;

    private final FakeWorld world;
    private final Path home;
    private final int last;
    private final Thread thread = Thread.currentThread();
    private final List<String> boundaries = new ArrayList<>();
    private long changes = -1;
    private Map<String, Long> disk = Map.of();

    private Life(FakeWorld world, Path home, int last) {
        this.world = world;
        this.home = home;
        this.last = last;
    }

    static Life whole(FakeWorld world, Path home) {
        return new Life(world, home, UNTIL_THE_END);
    }

    /** @param last the boundary that it does not survive, counted from 0 */
    static Life until(int last, FakeWorld world, Path home) {
        return new Life(world, home, last);
    }

    /** The end of a process: nothing that deploys catches it. */
    static final class Death extends Error {

        private static final long serialVersionUID = 1L;

        Death(String boundary) {
            super("killed at " + boundary);
        }
    }

    @Override
    public void accept(String touch) {
        if (Thread.currentThread() != thread) {
            return;
        }
        if (!isOver()) {
            look(touch);
        }
        if (isOver()) {
            // Again and again: who is dead can do nothing more, not even clean up.
            throw new Death(touch);
        }
    }

    private void look(String touch) {
        Map<String, Long> now = sizes();
        if (world.changes() != changes || !now.equals(disk)) {
            boundaries.add((boundaries.size() + 1) + ": " + touch);
            changes = world.changes();
            disk = now;
        }
    }

    boolean isOver() {
        return boundaries.size() > last;
    }

    /** What it did at each of them, in order. */
    List<String> boundaries() {
        return List.copyOf(boundaries);
    }

    private Map<String, Long> sizes() {
        Map<String, Long> sizes = new TreeMap<>();
        if (Files.isDirectory(home)) {
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.toList()) {
                    measure(file, sizes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("looking at " + home, e);
            }
        }
        return sizes;
    }

    private static void measure(Path file, Map<String, Long> sizes) throws IOException {
        try {
            sizes.put(file.toString(), Files.isDirectory(file) ? 0 : Files.size(file));
        } catch (NoSuchFileException e) {
            // Another thread has taken it away in between: then the next touch finds the difference.
            sizes.remove(file.toString());
        }
    }
}
