package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which HAProxy can do what is asked of it. */
final class Version {

    private static final Pattern LINE = Pattern.compile("^Version: (\\d{1,4})\\.(\\d{1,4})", Pattern.MULTILINE);
    private static final int MAJOR = 2;
    /** Changes a whole map at once, and tells connections to one address from those to another. */
    private static final int MINOR = 4;

    private Version() {}

    /** @param info what it says to {@code show info} */
    static void refuseOld(String info) {
        Matcher version = LINE.matcher(info);
        if (!version.find()) {
            throw new InfrastructureException("what answers there is no HAProxy: it does not say its version");
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        if (major < MAJOR || (major == MAJOR && minor < MINOR)) {
            throw new InfrastructureException(
                    "HAProxy " + major + "." + minor + " is too old: take " + MAJOR + "." + MINOR + " or newer");
        }
    }
}
