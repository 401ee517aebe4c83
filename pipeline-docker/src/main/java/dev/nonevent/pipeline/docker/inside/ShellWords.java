package dev.nonevent.pipeline.docker.inside;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /**
     * Kills all a user has in the container, in one step that nothing can fork away from, until nothing is left but this
     * shell; gives up with the command's exit code. Nobody else's process may be signalled: there are no capabilities.
     */
    private static final String SWEPT = "ne_left() { for ne_p in /proc/[0-9]*; do ne_p=${ne_p#/proc/};"
            + " [ \"$ne_p\" = $$ ] || [ \"$ne_p\" = 1 ] || ! kill -0 \"$ne_p\" 2>/dev/null || return 0; done;"
            + " return 1; }; ne_sweep() { ne_n=0; kill -KILL -1 2>/dev/null;"
            + " while ne_left; do ne_n=$((ne_n+1)); [ $ne_n -lt 5000 ] || exit $ne_c;"
            + " kill -KILL -1 2>/dev/null; done; }; ";

    /** How many processes the kernel has killed in this container for want of memory, as either cgroup version says. */
    private static final String KILLS = "ne_kills() { ne_k=0;"
            + " for ne_f in /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events; do"
            + " [ -r $ne_f ] && while read -r ne_w ne_v; do [ \"$ne_w\" = oom_kill ] && ne_k=$ne_v; done <$ne_f;"
            + " done; }; ";

    /**
     * A shell around the command as a container's main process, which outlives it and what it started, and reads its
     * variables from a file. It says so if it was asked to end: not every node can be asked whether that came from outside.
     */
    private static final String ALONE = "ne_e=$1; ne_m=$2; shift 2; unset TINI_KILL_PROCESS_GROUP; " + KILLS + SWEPT
            + "ne_kills; ne_o=$ne_k; ne_t=; trap : HUP INT QUIT; trap 'ne_t=\" ended\"' TERM; ([ -z \"$ne_e\" ] || [ -r \"$ne_e\" ] ||"
            + " { echo its variables cannot be read >&2; exit 126; }; [ -z \"$ne_e\" ] || . \"$ne_e\";"
            + " command -v -- \"$1\" >/dev/null 2>&1 || exec \"$@\"; exec \"$@\" 2>&1); ne_c=$?; ne_sweep;"
            + " ne_kills; echo \"$ne_m$((ne_k-ne_o))$ne_t\"; exit $ne_c";

    /** What is said on the other output before the reason why a command could not be started. */
    private static final String NEVER_BEGAN = "nonevent: never began";

    /** A word of an {@link Order}. */
    private static final String READ = "ne_read() { read -r ne_n && IFS= read -r ne_w || exit 0;"
            + " while [ \"$ne_n\" -gt 1 ]; do IFS= read -r ne_l || exit 0; ne_w=\"$ne_w\n$ne_l\"; ne_n=$((ne_n-1)); done; }; ";

    private static final String LOOPBACK_4 = "127.0.0.1 localhost";
    private static final String LOOPBACK_6 = "::1 localhost";

    /** What {@code /etc/hosts} says in a container that is on no network: its engine gives it none. */
    public static final String NAMES = LOOPBACK_4 + "\n" + LOOPBACK_6 + "\n";

    /** Succeeds only for root, who is also the only user without a home of our making. */
    private static final String NAMING =
            "{ [ -s /etc/hosts ] || { echo " + LOOPBACK_4 + "; echo " + LOOPBACK_6 + "; } >/etc/hosts; } 2>/dev/null; ";

    /**
     * Carries out one order after the other. Asked to end meanwhile, it says so and goes on, because the command may have
     * asked; while it waits for an order, it does end.
     */
    private static final String SERVING = "unset TINI_KILL_PROCESS_GROUP; ne_r=; trap : HUP INT QUIT;"
            + " trap 'ne_t=\" ended\"; [ -z \"$ne_r\" ] || exit 0' TERM; "
            + READ + KILLS + SWEPT + NAMING + "echo ready; while :; do"
            + " ne_r=1; read -r ne_x || exit 0; ne_r=; ne_t=; [ \"$ne_x\" = run ] || exit 0;"
            + " ne_read; ne_m=$ne_w; ne_read; ne_d=$ne_w; read -r ne_e ne_a || exit 0; set --;"
            + " while [ \"$ne_a\" -gt 0 ]; do ne_read; set -- \"$@\" \"$ne_w\"; ne_a=$((ne_a-1)); done;"
            + " ne_kills; ne_o=$ne_k;"
            + " (ne_no() { echo '" + NEVER_BEGAN + "' >&2; };"
            + " cd \"$ne_d\" 2>/dev/null || { ne_no; cd \"$ne_d\"; exit 126; };"
            + " while [ \"$ne_e\" -gt 0 ]; do"
            + " command export \"$1\" 2>/dev/null || { ne_no; export \"$1\"; exit 126; };"
            + " shift; ne_e=$((ne_e-1)); done;"
            + " command -v -- \"$1\" >/dev/null 2>&1 || { ne_no; exec \"$@\"; exit 127; };"
            + " exec \"$@\" 2>&1) </dev/null; ne_c=$?; set --; ne_w=; ne_l=; ne_sweep; ne_kills;"
            + " echo \"$ne_m\" >&2; echo \"$ne_m$((ne_k-ne_o)) $ne_c$ne_t\"; done";

    private ShellWords() {}

    /** The command in the shell's place, both outputs in one. */
    public static List<String> inOneOutput(List<String> argv) {
        return shell(ONE_OUTPUT, argv);
    }

    /**
     * The main process of a stage's container. It says that it is ready, and carries out each {@link Order} it is given:
     * the command with both outputs in one, then the end of all it left behind, then the order's mark on both outputs. On
     * the first one, how often the kernel has killed meanwhile for want of memory, the exit code and, if somebody has asked
     * this shell to end, a word stand behind it. To be run with TINI_KILL_PROCESS_GROUP set.
     */
    public static List<String> serving() {
        return shell(SERVING, List.of());
    }

    /** Why a command that was ordered never began, as the shell said it on the other output; empty if it did begin. */
    public static Optional<String> neverBegan(String otherOutput) {
        int at = otherOutput.indexOf(NEVER_BEGAN);
        return at < 0
                ? Optional.empty()
                : Optional.of(otherOutput.substring(at + NEVER_BEGAN.length()).strip());
    }

    /**
     * The command in a container of its own that is asked to end with TINI_KILL_PROCESS_GROUP set: both outputs in one,
     * then the end of all it left behind, then the mark and how often the kernel killed meanwhile for want of memory.
     *
     * @param variables a file with lines {@code export NAME='value'}; empty: none
     */
    public static List<String> alone(String variables, String mark, List<String> argv) {
        List<String> words = new ArrayList<>(List.of(variables, mark));
        words.addAll(argv);
        return shell(ALONE, words);
    }

    private static List<String> shell(String script, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        words.addAll(arguments);
        return words;
    }
}
