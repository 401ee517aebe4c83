package dev.nonevent.pipeline.bluegreen.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How an instance that takes work, from a queue or by a clock, is told whether it is its turn: {@code STANDBY} when it is
 * healthy, {@code ACTIVE} when users have its release, {@code DRAINING} when they have another one, {@code STOPPED} right
 * before it is stopped, {@code STANDBY} again while it is kept warm.
 *
 * <pre>{@code .signal(WorkerSignal.http("/worker"))}</pre>
 *
 * <p>Nobody is told {@code ACTIVE} before everybody else has confirmed to take nothing any more, or is gone: there is a moment
 * in which nobody takes work, and never one in which two do. A state may be told more than once. Immutable; safe for use by
 * several threads.
 */
public final class WorkerSignal {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LONGEST_PATH = 2_000;
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final String description;
    private final Function<Duration, WorkerCallback> way;
    private final Duration limit;
    private final Duration seenWithin;
    private final List<String> problems;

    private WorkerSignal(
            String description,
            Function<Duration, WorkerCallback> way,
            Duration limit,
            Duration seenWithin,
            List<String> problems) {
        this.description = description;
        this.way = way;
        this.limit = limit;
        this.seenWithin = seenWithin;
        this.problems = problems;
    }

    /** A way of your own; the worker knows when it returns. */
    public static WorkerSignal by(WorkerCallback callback) {
        return new WorkerSignal("by a callback", limit -> callback, LIMIT, Duration.ZERO, List.of());
    }

    /** The same as {@link #file(Duration)}, for workers that look every second. */
    public static WorkerSignal file() {
        return file(A_SECOND);
    }

    /**
     * The state's name and a line end in the file {@code worker-state} of the directory that the instance is started in, readable
     * by its owner alone and replaced as a whole. A file confirms nothing: so the next one is told {@code ACTIVE} so long after
     * the one before was told {@code DRAINING}. For hosts that have such a directory, as {@code LocalProcesses}; on others a
     * release is refused before it gets traffic.
     *
     * @param seenWithin how often workers look at it, at the most
     */
    public static WorkerSignal file(Duration seenWithin) {
        List<String> problems = seenWithin.isNegative()
                ? List.of("a worker sees its file after " + seenWithin + ", which is no time; say how often it looks")
                : List.of();
        return new WorkerSignal(
                "by the file " + WorkerFile.NAME, limit -> new WorkerFile(), LIMIT, seenWithin, problems);
    }

    /**
     * A PUT of the state's name, as plain text, to the instance's private address. Any answer from 200 to 299 confirms it: who
     * confirms {@code DRAINING} takes nothing any more. Redirects are not followed.
     *
     * @param path such as {@code /worker}
     */
    public static WorkerSignal http(String path) {
        boolean sendable =
                path.length() <= LONGEST_PATH && path.chars().allMatch(letter -> letter > ' ' && letter < 0x7f);
        if (!sendable) {
            return new WorkerSignal(
                    "by PUT",
                    limit -> new WorkerHttp(path, limit),
                    LIMIT,
                    Duration.ZERO,
                    List.of("the path of a worker signal is longer than " + LONGEST_PATH
                            + " characters, or has blanks, line ends or others that no address has; write them as %20"
                            + " is written"));
        }
        List<String> problems = path.startsWith("/")
                ? List.of()
                : List.of("the path \"" + path
                        + "\" of a worker signal does not begin with /; say WorkerSignal.http(\"/" + path + "\")");
        return new WorkerSignal("by PUT " + path, limit -> new WorkerHttp(path, limit), LIMIT, Duration.ZERO, problems);
    }

    /** @param chosen how long one try may take; 5 s if not said */
    public WorkerSignal within(Duration chosen) {
        return new WorkerSignal(description, way, chosen, seenWithin, problems);
    }

    /** The way to tell it, for one deployment. */
    public WorkerCallback way() {
        return way.apply(limit);
    }

    /** How long one try may take. */
    public Duration limit() {
        return limit;
    }

    /** How long after it was told a worker may still keep to the state before. */
    public Duration seenWithin() {
        return seenWithin;
    }

    /** {@code by PUT /worker}. */
    public String description() {
        return description;
    }

    /** Everything wrong with the declaration itself, as sentences. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        if (limit.isZero() || limit.isNegative()) {
            all.add("the worker signal " + description + " has " + limit + " for a try; say a time above zero");
        } else if (limit.compareTo(LONGEST) > 0) {
            all.add("the worker signal " + description + " has " + limit + " for a try; say 365 days at most");
        }
        if (seenWithin.compareTo(LONGEST) > 0) {
            all.add("a worker sees its file after " + seenWithin + ", which nobody waits for; say 365 days at most");
        }
        return all;
    }
}
