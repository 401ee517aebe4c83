package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of one application's router: only its owner sees into it, and one router at a time works in it. */
public final class Home {

    private final Path directory;

    public Home(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    public Path directory() {
        return directory;
    }

    /** Made if it is missing; what exists becomes private. */
    public void prepare() {
        try {
            PrivateFile.directory(directory);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the router cannot work in " + directory + " (" + e.getMessage()
                            + "): give it a directory that this user may write",
                    e);
        }
    }

    /** The port picked when any was asked for, under the name that it has in here: kept, so that users find the router again after a restart. */
    int keptPort(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            throw new InfrastructureException(
                    "the router cannot read its port from " + file + ": write the port into it, or remove it", e);
        }
    }

    void keepPort(String name, int port) {
        try {
            PrivateFile.replace(directory.resolve(name), (port + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new InfrastructureException("the router cannot keep its port in " + directory, e);
        }
    }
}
