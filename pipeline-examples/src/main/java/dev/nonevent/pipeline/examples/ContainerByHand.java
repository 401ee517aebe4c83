package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.docker.DockerExecutor;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stages in containers that you order by hand: to try them out, or to measure them. Each line of its input is a stage that
 * carries one command out so many times, and is answered with how long that took, its container made and removed, and
 * how many lines it printed.
 *
 * <pre>
 * java -cp … ContainerByHand WORKSPACE busybox:1.36 bridge
 * 1 true
 * 20 true
 * 1 seq 1000000
 * </pre>
 */
public final class ContainerByHand {

    private static final double NANOS_OF_A_MILLI = 1e6;

    private ContainerByHand() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "say where it works, in which image and network: WORKSPACE IMAGE NETWORK");
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        DockerExecutor executor =
                DockerExecutor.container(args[1]).network(args[2]).withoutPulling();
        obey(executor, Path.of(args[0]), lines, System.out);
    }

    /** Returns at the end of the lines. */
    static void obey(CommandExecutor executor, Path workspace, BufferedReader lines, PrintStream out)
            throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            List<String> words = Arrays.asList(line.strip().split(" +"));
            if (words.size() < 2 || !words.get(0).matches("[1-9]\\d{0,4}")) {
                out.println("refused " + line + ": say how often, and which command");
            } else {
                stage(executor, workspace, Integer.parseInt(words.get(0)), words.subList(1, words.size()), out);
            }
        }
    }

    private static void stage(CommandExecutor executor, Path workspace, int times, List<String> argv, PrintStream out)
            throws InterruptedException {
        TimeSource time = TimeSource.system();
        Command command = Command.of(workspace, argv.toArray(String[]::new));
        AtomicLong printed = new AtomicLong();
        long began = time.nanos();
        try (Session session = executor.open(SessionRequest.in(workspace))) {
            for (int i = 0; i < times; i++) {
                CommandResult result = session.run(command, bytes -> printed.addAndGet(linesIn(bytes)));
                if (!result.succeeded()) {
                    out.println("refused " + command.line() + " exited " + result.exitCode());
                    return;
                }
            }
        }
        double millis = (time.nanos() - began) / NANOS_OF_A_MILLI;
        out.println("done " + String.format(Locale.ROOT, "%.3f", millis) + " " + printed + " lines");
    }

    private static long linesIn(byte[] bytes) {
        long lines = 0;
        for (byte each : bytes) {
            lines += each == '\n' ? 1 : 0;
        }
        return lines;
    }
}
