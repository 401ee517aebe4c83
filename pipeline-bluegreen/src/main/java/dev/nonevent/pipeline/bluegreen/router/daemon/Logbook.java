package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What the daemon did and when: {@code router.log}, and one older, each of limited size. */
final class Logbook {

    private static final long LARGEST = 1024 * 1024;

    private final Path file;
    private final Path older;
    private final TimeSource time;
    private int lost;

    Logbook(Path home, TimeSource time) {
        this.file = home.resolve("router.log");
        this.older = home.resolve("router.1.log");
        this.time = time;
    }

    synchronized void say(String sentence) {
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                Files.move(file, older, StandardCopyOption.REPLACE_EXISTING);
            }
            String gap = lost == 0 ? "" : "(" + lost + " lines before this one could not be written) ";
            String line = time.now() + " " + gap + sentence.replaceAll("\\R", " ") + "\n";
            PrivateFile.append(file, line);
            lost = 0;
        } catch (IOException e) {
            // a full disk must not take the users' traffic down: the log loses a line, the router goes on
            lost++;
        }
    }
}
