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
    GITLAB,
    /** Azure Pipelines: commands that a line of output must not be. */
    AZURE,
    /** TeamCity: the same. */
    TEAMCITY;

    private static final String IGNORED = "[\\u200C\\u200D]*";

    /** GitHub's runner looks for {@code ::} at the start of a line, after spaces, and for {@code ##[} anywhere in it. */
    private static final Pattern COMMAND = Pattern.compile("^([^\\p{Alnum}]*?):" + IGNORED + ":");

    /** The others look for {@code ##vso[} and {@code ##teamcity[}, anywhere as well. */
    private static final Pattern MARKED_COMMAND =
            Pattern.compile("#" + IGNORED + "#" + IGNORED + "(?=(?:vso|teamcity)?" + IGNORED + "\\[)");

    /** By the variables that it gives to every process. */
    public static ConsoleHost of(Map<String, String> environment) {
        if ("true".equals(environment.get("GITHUB_ACTIONS"))) {
            return GITHUB;
        }
        if (isSet(environment, "GITLAB_CI")) {
            return GITLAB;
        } else if (isSet(environment, "TF_BUILD")) {
            return AZURE;
        }
        return isSet(environment, "TEAMCITY_VERSION") ? TEAMCITY : NONE;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }

    /** The line, or if it could be a command of the host, one that reads like it and is none. */
    public String inert(String line) {
        if (this == NONE || this == GITLAB) {
            return line;
        }
        String marked =
                line.indexOf('#') < 0 ? line : MARKED_COMMAND.matcher(line).replaceAll("## ");
        return this == GITHUB ? COMMAND.matcher(marked).replaceFirst("$1: :") : marked;
    }

    Screen screen(Appendable out) {
        return switch (this) {
            case NONE, AZURE, TEAMCITY -> new Screen(out, this);
            case GITHUB -> new GitHubScreen(out);
            case GITLAB -> new GitLabScreen(out);
        };
    }
}
