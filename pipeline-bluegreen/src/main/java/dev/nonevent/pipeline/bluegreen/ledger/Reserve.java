package dev.nonevent.pipeline.bluegreen.ledger;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Space set aside on the disk of a ledger, so that a full disk cannot keep a bad release in front of its users: who goes
 * back gives it up first, and has room for the records of the way and for the router's own file; so does who has proven a release.
 */
final class Reserve {

    private static final int BYTES = 256 * 1024;

    private final Path file;

    private Reserve(Path file) {
        this.file = file;
    }

    static Reserve beside(Path ledger) {
        return new Reserve(ledger.resolveSibling("reserve"));
    }

    /**
     * Sets the space aside, where the disk has it twice. On a disk that is all but full what was set aside is given up
     * instead: whoever opens the ledger of such a disk needs it now.
     */
    void keep() throws IOException {
        long usable = Files.getFileStore(file.getParent()).getUsableSpace();
        if (usable < BYTES) {
            giveUp();
        } else if (usable >= 2 * BYTES && (!Files.exists(file) || Files.size(file) < BYTES)) {
            fill();
        }
    }

    void giveUp() throws IOException {
        Files.deleteIfExists(file);
    }

    private void fill() throws IOException {
        // Written and not only stated: a hole in a file sets nothing aside.
        try (FileOutputStream space = new FileOutputStream(file.toFile())) {
            space.write(new byte[BYTES]);
            space.getFD().sync();
        }
    }
}
