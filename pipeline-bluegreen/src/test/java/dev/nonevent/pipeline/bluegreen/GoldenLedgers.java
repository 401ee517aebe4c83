package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a ledger for each kind of fact that a process may die after, as today's code writes them. To be run once for each
 * format, when it is released, and again for a new kind of fact; what is there already stays as it is:
 *
 * <pre>{@code
 * mvn test-compile exec:java -pl pipeline-bluegreen -Dexec.classpathScope=test \
 *     -Dexec.mainClass=dev.nonevent.pipeline.bluegreen.GoldenLedgers \
 *     -Dexec.args=src/test/resources/dev/nonevent/pipeline/bluegreen/golden/format-2
 * }</pre>
 */
final class GoldenLedgers {

    private static final String AFTER = "after ";
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Path folder;
    private final Path homes;
    private final Set<String> written = new HashSet<>();

    private GoldenLedgers(Path folder, Path homes) {
        this.folder = folder;
        this.homes = homes;
    }

    public static void main(String... args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        GoldenLedgers ledgers = new GoldenLedgers(folder, Files.createTempDirectory("golden"));
        ledgers.write(Story.FIRST);
        ledgers.written.clear();
        for (Story story : EnumSet.complementOf(EnumSet.of(Story.FIRST))) {
            ledgers.write(story);
        }
        ledgers.writeDown();
        ledgers.writeSuperseded();
        ledgers.writeFreezePassed();
        ledgers.writePaused();
        ledgers.writeHooked();
        System.out.println("the ledgers are in " + folder);
    }

    private void write(Story story) throws IOException, InterruptedException {
        Shop shop = new Shop(homes.resolve(story.name()));
        story.before.accept(shop);
        story.tell(shop, boundary -> keep(story.name(), shop, boundary));
    }

    private void writeDown() throws IOException, InterruptedException {
        Shop shop = new Shop(homes.resolve("DOWN"));
        shop.deploy("v1");
        shop.deploy("v2");
        shop.blueGreen().dyingAt(boundary -> keep("DOWN", shop, boundary)).down(shop.context());
    }

    private void writeSuperseded() throws IOException, InterruptedException {
        Shop shop = new Shop(homes.resolve("SUPERSEDED"));
        shop.blueGreen().deploy("v2", shop.context("bbbbbbb", NOON));
        try {
            shop.blueGreen()
                    .dyingAt(boundary -> keep("SUPERSEDED", shop, boundary))
                    .deploy("v1", shop.context("aaaaaaa", NOON.minusSeconds(60)));
        } catch (DeploymentFailedException e) {
            return;
        }
        throw new IllegalStateException("an older commit was deployed");
    }

    private void writeFreezePassed() throws IOException, InterruptedException {
        Shop shop = new Shop(homes.resolve("FROZEN"));
        LocalDateTime today = LocalDateTime.ofInstant(shop.world.time().now(), ZoneOffset.UTC);
        shop.deploy("v1");
        shop.blueGreen()
                .freeze(List.of(FreezeWindow.once(today, today.plusDays(1), ZoneOffset.UTC, "Black Friday")))
                .despiteFreeze("ops", "the shop sells at half the price")
                .dyingAt(boundary -> keep("FROZEN", shop, boundary))
                .deploy("v2", shop.context());
    }

    private void writePaused() throws IOException, InterruptedException {
        Shop shop = new Shop(homes.resolve("PAUSED"));
        shop.deploy("v1");
        shop.blueGreen()
                .irreversible("drop column")
                .dyingAt(boundary -> {
                    keep("PAUSED", shop, boundary);
                    if (boundary.equals("after Switched")) {
                        shop.blueGreen().pause(shop.context());
                    } else if (boundary.equals("after Paused")) {
                        shop.blueGreen().promote(shop.context());
                    }
                })
                .deploy("v2", shop.context());
    }

    private void writeHooked() throws IOException, InterruptedException {
        Shop shop = new Shop(homes.resolve("HOOKED"));
        shop.deploy("v1");
        shop.blueGreen()
                .beforeStart("migrate", facts -> {})
                .dyingAt(boundary -> keep("HOOKED", shop, boundary))
                .deploy("v2", shop.context());
    }

    /** As it would be found if the process died here. */
    private void keep(String story, Shop shop, String boundary) {
        String fact = boundary.substring(boundary.indexOf(' ') + 1);
        if (boundary.startsWith(AFTER) && !fact.contains(" ") && written.add(fact)) {
            Path golden = folder.resolve(story + "-after-" + fact + ".log");
            try {
                if (!Files.exists(golden)) {
                    Files.copy(shop.home.resolve("deployments/shop/ledger.log"), golden);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
