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
 * Watches one whole life and finds where dying makes a difference: at the first touch after each change of the disk or of the
 * world. Nothing else survives a death, so a life that ends anywhere ends like one of these. Code that writes or does
 * something new makes a new boundary by doing so.
 */
final class Boundaries implements Consumer<String> {

    private final FakeWorld world;
    private final Path home;
    private final Thread thread = Thread.currentThread();
    private final List<Boundary> found = new ArrayList<>();
    private long touches;
    private long changes = -1;
    private Map<String, Long> disk = Map.of();

    Boundaries(FakeWorld world, Path home) {
        this.world = world;
        this.home = home;
    }

    /** @param touch the one to die at */
    record Boundary(long touch, String name) {}

    @Override
    public void accept(String touch) {
        if (Thread.currentThread() != thread) {
            return;
        }
        Map<String, Long> now = sizes();
        if (world.changes() != changes || !now.equals(disk)) {
            found.add(new Boundary(touches, (found.size() + 1) + ": " + touch));
            changes = world.changes();
            disk = now;
        }
        touches++;
    }

    List<Boundary> found() {
        return List.copyOf(found);
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
