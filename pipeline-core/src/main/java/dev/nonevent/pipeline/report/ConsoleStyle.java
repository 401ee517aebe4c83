package dev.nonevent.pipeline.report;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;

/**
 * How a run may be shown.
 *
 * @param live whether what is shown may be redrawn; only a terminal can
 * @param colour whether the sequences that colour may be written
 * @param ascii whether only ASCII may be written
 * @param width of the terminal in columns, at least 40
 * @param height of the terminal in rows, at least 8
 * @param host what shows the lines; a line that is redrawn is for a terminal only
 */
public record ConsoleStyle(boolean live, boolean colour, boolean ascii, int width, int height, ConsoleHost host) {

    private static final List<String> CI = List.of(
            "CI",
            "GITHUB_ACTIONS",
            "GITLAB_CI",
            "TEAMCITY_VERSION",
            "TF_BUILD",
            "BUILDKITE",
            "JENKINS_URL",
            "WOODPECKER");

    /** Those of them that show colours. */
    private static final List<String> COLOURFUL =
            List.of("GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "TF_BUILD", "BUILDKITE", "WOODPECKER");

    public ConsoleStyle {
        width = Math.max(40, width);
        height = Math.max(8, height);
        host = live ? ConsoleHost.NONE : host;
    }

    /** For something that takes lines for lines. */
    public ConsoleStyle(boolean live, boolean colour, boolean ascii, int width, int height) {
        this(live, colour, ascii, width, height, ConsoleHost.NONE);
    }

    /** Line by line, no control sequence, ASCII only: right everywhere. */
    public static ConsoleStyle simplest() {
        return new ConsoleStyle(false, false, true, 80, 24);
    }

    /**
     * Chooses; the first that applies wins: what was asked for, {@code TERM=dumb}, a known CI, a terminal. {@code
     * NO_COLOR} takes the colour away, {@code CLICOLOR_FORCE} or {@code FORCE_COLOR} brings it everywhere. A known CI that
     * shows colours gets them, and folds where it has them.
     *
     * @param asked what the person said
     * @param environment of the process
     * @param terminal whether the output is one
     * @param charset what the output is encoded in
     */
    public static ConsoleStyle choose(
            ConsoleMode asked, Map<String, String> environment, boolean terminal, Charset charset) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean redrawable = terminal && !dumb && CI.stream().noneMatch(name -> isSet(environment, name));
        boolean live = asked == ConsoleMode.RICH || (asked == ConsoleMode.AUTO && redrawable);
        boolean forced = isSet(environment, "CLICOLOR_FORCE") || isSet(environment, "FORCE_COLOR");
        boolean shown = live
                || (asked == ConsoleMode.AUTO
                        && !dumb
                        && COLOURFUL.stream().anyMatch(name -> isSet(environment, name)));
        boolean colour = !isSet(environment, "NO_COLOR") && (forced || shown);
        boolean ascii = !charset.canEncode() || !charset.newEncoder().canEncode("✔✘●○│…");
        return new ConsoleStyle(
                live,
                colour,
                ascii,
                number(environment, "COLUMNS", 80),
                number(environment, "LINES", 24),
                ConsoleHost.of(environment));
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return !value.isEmpty() && !value.equals("0") && !value.equals("false");
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : otherwise;
    }
}
