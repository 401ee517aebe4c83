package dev.nonevent.pipeline.bluegreen.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of {@code docs}, for tests that do what it says. */
public final class Documentation {

    private Documentation() {}

    /** What lies in the page's fences of this language. */
    public static List<String> fences(String page, String language) throws IOException {
        return Pattern.compile("^```" + language + "\\R(.*?)\\R```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "docs", page)))
                .results()
                .map(fence -> fence.group(1) + "\n")
                .toList();
    }
}
