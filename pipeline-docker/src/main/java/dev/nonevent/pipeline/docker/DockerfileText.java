package dev.nonevent.pipeline.docker;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Dockerfile, read only as far as to know on which line the builder's step begins. */
final class DockerfileText {

    private static final Pattern ESCAPE =
            Pattern.compile("#\\s*escape\\s*=\\s*([\\\\`])\\s*", Pattern.CASE_INSENSITIVE);

    private final List<String> lines;

    DockerfileText(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /** @param step counted from 1, as the builder prints it; lines too */
    OptionalInt lineOfStep(int step) {
        String escape = "\\";
        boolean continued = false;
        int instructions = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                // Also within an instruction; a directive only before the first.
                Matcher directive = ESCAPE.matcher(line);
                escape = instructions == 0 && directive.matches() ? directive.group(1) : escape;
            } else {
                instructions += continued ? 0 : 1;
                if (instructions == step) {
                    return OptionalInt.of(i + 1);
                }
                continued = line.endsWith(escape);
            }
        }
        return OptionalInt.empty();
    }
}
