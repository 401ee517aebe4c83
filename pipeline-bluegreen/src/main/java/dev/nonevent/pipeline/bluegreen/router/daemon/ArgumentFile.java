package dev.nonevent.pipeline.bluegreen.router.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/** {@code router.args} in the home: what {@code java} is started with, so that others than we can: {@code java @FILE}. */
final class ArgumentFile {

    private ArgumentFile() {}

    static void write(Path home, List<String> command) throws IOException {
        String lines = command.stream()
                .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining());
        Path next = home.resolve("router.args.next");
        Files.writeString(next, lines);
        Files.move(next, home.resolve("router.args"), StandardCopyOption.ATOMIC_MOVE);
    }
}
