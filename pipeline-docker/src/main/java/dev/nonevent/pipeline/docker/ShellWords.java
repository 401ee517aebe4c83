package dev.nonevent.pipeline.docker;

import java.util.ArrayList;
import java.util.List;

/**
 * What the image's shell is told, in nothing but its own words: no program of the image is needed. No value from outside
 * is ever part of a script; it is an argument.
 */
final class ShellWords {

    /**
     * Docker keeps the two outputs apart and their order is lost; in one of them it is kept. Only what the shell says
     * before the command takes its place goes to the other: that it cannot be started.
     */
    private static final String ONE_OUTPUT = "command -v -- \"$1\" >/dev/null 2>&1 || exec \"$@\"; exec \"$@\" 2>&1";

    /** Waits for an input that never comes. */
    private static final String IDLE = "echo ready; read -r _";

    /**
     * Kills all a user has in the container, in one step that nothing can fork away from, until nothing is left but this
     * shell. Nobody else's process may be signalled: there are no capabilities.
     */
    private static final String SWEEP = "left() { for p in /proc/[0-9]*; do p=${p#/proc/};"
            + " [ \"$p\" = $$ ] || ! kill -0 \"$p\" 2>/dev/null || return 0; done; return 1; }; n=0;"
            + " kill -KILL -1 2>/dev/null;"
            + " while left; do n=$((n+1)); [ $n -lt 5000 ] || exit $c; kill -KILL -1 2>/dev/null; done; ";

    /** How many processes the kernel has killed in this container for want of memory, as either cgroup version says. */
    private static final String KILLS = "kills() { k=0;"
            + " for f in /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events; do"
            + " [ -r $f ] && while read -r w v; do [ \"$w\" = oom_kill ] && k=$v; done <$f; done; }; ";

    /** A shell around the command, which outlives it and what it started, and is asked to end with it but does not. */
    private static final String AROUND = "m=$1; shift; command -v -- \"$1\" >/dev/null 2>&1 || exec \"$@\"; " + KILLS
            + "kills; o=$k; trap : HUP INT QUIT TERM; (exec \"$@\") 2>&1; c=$?; " + SWEEP
            + "kills; echo \"$m$((k-o))\"; exit $c";

    private ShellWords() {}

    /** The command in the shell's place, both outputs in one. */
    static List<String> inOneOutput(List<String> argv) {
        return shell(ONE_OUTPUT, argv);
    }

    /** The main process of a stage's container. */
    static List<String> idle() {
        return shell(IDLE, List.of());
    }

    /**
     * The command with both outputs in one, then the end of all it left behind, then the mark and how often the kernel
     * killed meanwhile for want of memory.
     */
    static List<String> around(String mark, List<String> argv) {
        List<String> words = new ArrayList<>(List.of(mark));
        words.addAll(argv);
        return shell(AROUND, words);
    }

    /** Asks all that a user has in the container to end. */
    static List<String> ask() {
        return shell("kill -TERM -1", List.of());
    }

    /** Exits 0 if all a user had in the container is gone. */
    static List<String> sweep() {
        return shell("c=1; " + SWEEP + "exit 0", List.of());
    }

    private static List<String> shell(String script, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        words.addAll(arguments);
        return words;
    }
}
