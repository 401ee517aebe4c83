package dev.nonevent.pipeline.docker.engine;

import java.time.Duration;

/** How much of something a team gives a container, checked when it is said and made into what an engine is told. */
public final class Quantities {

    private static final int LEAST_MEBIBYTES = 6;
    private static final int LEAST_PROCESSES = 4;
    private static final double LEAST_CPUS = 0.01;
    private static final double MOST_CPUS = 10_000;

    private Quantities() {}

    /**
     * In bytes.
     *
     * @throws IllegalArgumentException if no engine makes a container with so little
     */
    public static long memory(int mebibytes) {
        if (mebibytes < LEAST_MEBIBYTES) {
            throw new IllegalArgumentException(
                    "a container needs at least " + LEAST_MEBIBYTES + " MiB, was " + mebibytes);
        }
        return (long) mebibytes << 20;
    }

    /**
     * In billionths of one processor.
     *
     * @throws IllegalArgumentException if no engine takes it, as a limit that is no number
     */
    public static long nanoCpus(double cpus) {
        if (!(cpus >= LEAST_CPUS && cpus <= MOST_CPUS)) {
            throw new IllegalArgumentException(
                    "a limit of processors is a number like 1.5, at least " + LEAST_CPUS + ", was " + cpus);
        }
        return Math.round(cpus * 1e9);
    }

    /** @throws IllegalArgumentException if no command could run with so few */
    public static int processes(int most) {
        if (most < LEAST_PROCESSES) {
            throw new IllegalArgumentException("a command needs at least " + LEAST_PROCESSES
                    + " processes, for the init and the two shells around it are some, was " + most);
        }
        return most;
    }

    /** @throws IllegalArgumentException if it is negative */
    public static Duration grace(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("a grace cannot be negative, was " + grace);
        }
        return grace;
    }
}
