package dev.nonevent.pipeline.bluegreen.router.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code settings.json} in the home of a router, for its user's eyes only: whose router it is and how it is set up. So
 * whoever starts the daemon needs to know nothing but the home.
 */
final class SettingsFile {

    private static final int VERSION = 1;
    private static final long LARGEST = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final Path home;
    private final Path file;

    SettingsFile(Path home) {
        this.home = home;
        this.file = home.resolve("settings.json");
    }

    /** Another one in that home, for a router that may become the one that works there. */
    SettingsFile(Path home, Path file) {
        this.home = home;
        this.file = file;
    }

    /**
     * All that is in it.
     *
     * @param command what the program {@code java} is started with
     */
    record Declared(int version, String application, Settings settings, List<String> command) {

        static Declared of(String application, Settings settings, List<String> command) {
            return new Declared(VERSION, application, settings, command);
        }
    }

    /** Replaces what was there, as a whole. */
    void write(Declared declared) {
        try {
            PrivateFile.replace(file, JSON.writeValueAsBytes(declared));
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the settings of the router cannot be written to " + file + " (" + e.getMessage()
                            + "): make room there, or give it a directory that this user may write",
                    e);
        }
    }

    /** @throws InfrastructureException with a sentence if there are none, or none that make sense */
    Declared read() {
        Declared declared = parsed();
        if (declared.version() != VERSION) {
            throw new InfrastructureException(file + " has version " + declared.version()
                    + ", and this router reads version " + VERSION + ": start the router that it was written for");
        }
        List<String> problems = declared.settings().problems();
        if (declared.application().isBlank() || !problems.isEmpty()) {
            throw new InfrastructureException(file + ": "
                    + (problems.isEmpty() ? "the name of the application is missing" : String.join("; ", problems)));
        }
        return declared;
    }

    private Declared parsed() {
        try {
            if (Files.size(file) > LARGEST) {
                throw new InfrastructureException(
                        file + " is larger than " + LARGEST + " bytes, so it is no settings of a router");
            }
            Declared declared = JSON.readValue(Files.readString(file), Declared.class);
            if (declared == null
                    || declared.application() == null
                    || declared.settings() == null
                    || declared.command() == null) {
                throw new InfrastructureException(file + " is not whole: deploy once, which writes it anew");
            }
            return declared;
        } catch (NoSuchFileException e) {
            throw new InfrastructureException(
                    "no router was ever set up in " + home + ": deploy once, which writes " + file.getFileName(), e);
        } catch (JsonProcessingException e) {
            throw new InfrastructureException(
                    file + " cannot be read (" + e.getOriginalMessage() + "): deploy once, which writes it anew", e);
        } catch (IOException e) {
            throw new InfrastructureException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
