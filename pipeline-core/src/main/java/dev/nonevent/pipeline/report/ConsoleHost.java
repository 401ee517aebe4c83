package dev.nonevent.pipeline.report;

import java.util.Map;
import java.util.regex.Pattern;

/** What shows the console's lines, and takes some of them for more than text. */
public enum ConsoleHost {
    /** It takes lines for lines. */
    NONE,
    /** GitHub Actions: folds, marks at lines of the code, and commands that a line of output must not be. */
    GITHUB,
    /** GitLab CI: folds. */
    GITLAB;

    private static final String IGNORED = "[\\u200C\\u200D]*";

    /** The runner looks for {@code ::} at the start of a line, after spaces, and for {@code ##[} anywhere in it. */
    private static final Pattern COMMAND = Pattern.compile("^([^\\p{Alnum}]*?):" + IGNORED + ":");

    private static final Pattern OLD_COMMAND = Pattern.compile("#" + IGNORED + "#" + IGNORED + "\\[");

    /** By the variables that it gives to every process. */
    public static ConsoleHost of(Map<String, String> environment) {
        if ("true".equals(environment.get("GITHUB_ACTIONS"))) {
            return GITHUB;
        }
        return environment.getOrDefault("GITLAB_CI", "").isEmpty() ? NONE : GITLAB;
    }

    /** The line, or if it could be a command of the host, one that reads like it and is none. */
    public String inert(String line) {
        if (this != GITHUB || (line.indexOf(':') < 0 && line.indexOf('#') < 0)) {
            return line;
        }
        return COMMAND.matcher(OLD_COMMAND.matcher(line).replaceAll("## [")).replaceFirst("$1: :");
    }

    Screen screen(Appendable out) {
        return switch (this) {
            case NONE -> new Screen(out);
            case GITHUB -> new GitHubScreen(out);
            case GITLAB -> new GitLabScreen(out);
        };
    }
}
