package dev.nonevent.pipeline.docker.inside;

import java.util.ArrayList;
import java.util.List;

/**
 * What the image's shell is told, in nothing but its own words: no program of the image is needed. No value from outside
 * is ever part of a script; it is an argument. The scripts' own variables begin with {@code ne_}, because a variable of
 * the command's that has the name of one would be overwritten.
 */
public final class ShellWords {

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
    private static final String SWEEP = "ne_left() { for ne_p in /proc/[0-9]*; do ne_p=${ne_p#/proc/};"
            + " [ \"$ne_p\" = $$ ] || [ \"$ne_p\" = 1 ] || ! kill -0 \"$ne_p\" 2>/dev/null || return 0; done;"
            + " return 1; }; ne_n=0; kill -KILL -1 2>/dev/null;"
            + " while ne_left; do ne_n=$((ne_n+1)); [ $ne_n -lt 5000 ] || exit $ne_c;"
            + " kill -KILL -1 2>/dev/null; done; ";

    /** How many processes the kernel has killed in this container for want of memory, as either cgroup version says. */
    private static final String KILLS = "ne_kills() { ne_k=0;"
            + " for ne_f in /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events; do"
            + " [ -r $ne_f ] && while read -r ne_w ne_v; do [ \"$ne_w\" = oom_kill ] && ne_k=$ne_v; done <$ne_f;"
            + " done; }; ";

    /** A shell around the command, which outlives it and what it started, and is asked to end with it but does not. */
    private static final String AROUND = "ne_m=$1; shift; command -v -- \"$1\" >/dev/null 2>&1 || exec \"$@\"; "
            + KILLS + "ne_kills; ne_o=$ne_k; trap : HUP INT QUIT TERM; (exec \"$@\") 2>&1; ne_c=$?; " + SWEEP
            + "ne_kills; echo \"$ne_m$((ne_k-ne_o))\"; exit $ne_c";

    /**
     * The same as a container's main process, which reads the command's variables from a file. It says so if it was asked
     * to end: not every node can be asked whether that came from outside.
     */
    private static final String ALONE = "ne_e=$1; ne_m=$2; shift 2; unset TINI_KILL_PROCESS_GROUP; " + KILLS
            + "ne_kills; ne_o=$ne_k; ne_t=; trap : HUP INT QUIT; trap 'ne_t=\" ended\"' TERM; ([ -z \"$ne_e\" ] || [ -r \"$ne_e\" ] ||"
            + " { echo its variables cannot be read >&2; exit 126; }; [ -z \"$ne_e\" ] || . \"$ne_e\";"
            + " command -v -- \"$1\" >/dev/null 2>&1 || exec \"$@\"; exec \"$@\" 2>&1); ne_c=$?; " + SWEEP
            + "ne_kills; echo \"$ne_m$((ne_k-ne_o))$ne_t\"; exit $ne_c";

    private ShellWords() {}

    /** The command in the shell's place, both outputs in one. */
    public static List<String> inOneOutput(List<String> argv) {
        return shell(ONE_OUTPUT, argv);
    }

    /** The main process of a stage's container. */
    public static List<String> idle() {
        return shell(IDLE, List.of());
    }

    /**
     * The command with both outputs in one, then the end of all it left behind, then the mark and how often the kernel
     * killed meanwhile for want of memory.
     */
    public static List<String> around(String mark, List<String> argv) {
        List<String> words = new ArrayList<>(List.of(mark));
        words.addAll(argv);
        return shell(AROUND, words);
    }

    /**
     * As {@link #around}, in a container of its own that is asked to end with TINI_KILL_PROCESS_GROUP set.
     *
     * @param variables a file with lines {@code export NAME='value'}; empty: none
     */
    public static List<String> alone(String variables, String mark, List<String> argv) {
        List<String> words = new ArrayList<>(List.of(variables, mark));
        words.addAll(argv);
        return shell(ALONE, words);
    }

    /** Asks all that a user has in the container to end. */
    public static List<String> ask() {
        return shell("kill -TERM -1", List.of());
    }

    /** Exits 0 if all a user had in the container is gone. */
    public static List<String> sweep() {
        return shell("ne_c=1; " + SWEEP + "exit 0", List.of());
    }

    private static List<String> shell(String script, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        words.addAll(arguments);
        return words;
    }
}
