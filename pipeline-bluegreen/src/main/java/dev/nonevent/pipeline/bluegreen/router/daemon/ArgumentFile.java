package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** {@code router.args} in the home: what {@code java} is started with, so that others than we can: {@code java @FILE}. */
final class ArgumentFile {

    private ArgumentFile() {}

    static void write(Path home, List<String> command) throws IOException {
        String lines = command.stream()
                .map(argument -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining());
        PrivateFile.replace(home.resolve("router.args"), lines.getBytes(StandardCharsets.UTF_8));
    }
}
