package dev.nonevent.pipeline.docker;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a {@code .dockerignore} leaves out: the last line that matches a path, or a directory it is in, decides. The
 * translation is the one of moby's {@code patternmatcher}; docker-java's own lets <code>**&#47;*.pem</code> pass at the top.
 */
final class Ignores {

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private record Line(Pattern pattern, boolean exception) {}

    private final List<Line> lines;

    private Ignores(List<Line> lines) {
        this.lines = lines;
    }

    static Ignores of(Path context) throws IOException {
        Path file = context.resolve(".dockerignore");
        try {
            return parse(Files.isRegularFile(file) ? Files.readAllLines(file) : List.of());
        } catch (CharacterCodingException otherLetters) {
            throw new IllegalArgumentException(file + " is no UTF-8 text: save it as that", otherLetters);
        }
    }

    /** @throws IllegalArgumentException if a line is no pattern */
    static Ignores parse(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (String each : text) {
            String line = lines.isEmpty() && each.startsWith("\uFEFF") ? each.substring(1) : each;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !line.startsWith("#")) {
                boolean exception = stripped.startsWith("!");
                lines.add(new Line(patternOf(exception ? stripped.substring(1).strip() : stripped), exception));
            }
        }
        return new Ignores(lines);
    }

    /** @param path relative to the context */
    boolean contain(String path) {
        boolean ignored = false;
        for (Line line : lines) {
            if (line.pattern.matcher(path).matches()) {
                ignored = !line.exception;
            }
        }
        return ignored;
    }

    private static Pattern patternOf(String glob) {
        if (glob.isEmpty()) {
            throw new IllegalArgumentException(".dockerignore: \"!\" is no pattern: it excepts nothing");
        }
        Path path = Path.of(glob).normalize();
        Path relative = path.isAbsolute() ? Path.of("/").relativize(path) : path;
        if (relative.toString().isEmpty() || relative.startsWith("..")) {
            // Nothing in the context is called so: docker passes such a line over.
            return NOTHING;
        }
        try {
            return Pattern.compile(expressionOf(relative.toString()) + "(/.*)?");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    ".dockerignore: \"" + glob + "\" is no pattern: " + e.getDescription(), e);
        }
    }

    private static String expressionOf(String glob) {
        StringBuilder expression = new StringBuilder();
        for (int at = 0; at < glob.length(); at++) {
            char each = glob.charAt(at);
            if (glob.startsWith("**", at)) {
                at += glob.startsWith("/", at + 2) ? 2 : 1;
                expression.append(at == glob.length() - 1 ? ".*" : "(.*/)?");
            } else if (each == '*') {
                expression.append("[^/]*");
            } else if (each == '?') {
                expression.append("[^/]");
            } else if (each == '\\' && at + 1 < glob.length()) {
                expression.append(Pattern.quote(glob.substring(at + 1, at + 2)));
                at++;
            } else if (each == '[' || each == ']' || each == '-' || each == '^') {
                expression.append(each);
            } else {
                expression.append(Pattern.quote(String.valueOf(each)));
            }
        }
        return expression.toString();
    }
}
