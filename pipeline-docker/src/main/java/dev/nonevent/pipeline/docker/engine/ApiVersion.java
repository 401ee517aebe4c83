package dev.nonevent.pipeline.docker.engine;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the engine's interface, such as 1.41. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

    /** Docker 20.10: older engines lack what a container of ours needs. */
    static final ApiVersion OLDEST = new ApiVersion(1, 41);

    /** What this module was tried with; a newer engine speaks it too. */
    static final ApiVersion NEWEST = new ApiVersion(1, 44);

    private static final Pattern TEXT = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})");
    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    static Optional<ApiVersion> parse(String text) {
        Matcher version = TEXT.matcher(text.strip());
        return version.matches()
                ? Optional.of(new ApiVersion(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))))
                : Optional.empty();
    }

    boolean isOlderThan(ApiVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
