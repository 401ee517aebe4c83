package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.Settings;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a router runs. */
interface Place {

    /** For the plan: {@code router}. */
    String description();

    /** Finds what runs for the application, or starts it. */
    Traffic open(String application, Path home, Settings settings) throws InterruptedException;

    /** Starts nothing. */
    Optional<Traffic> find(String application, Path home);

    /** The same place, with the program from there. */
    Place classPath(String path);

    /** Everything wrong with it, as sentences. */
    List<String> problems();
}
