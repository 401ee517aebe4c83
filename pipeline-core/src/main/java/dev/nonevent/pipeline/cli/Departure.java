package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets the end of the process wait for the work, and gives it the work's exit code. Who asks for the end a second time does
 * not wait: what runs is killed.
 */
final class Departure implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    /** By convention the exit code of what a signal ended is this and its number. */
    private static final int BY_SIGNAL = 128;

    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final PrintStream err;
    private final Thread hook;

    Departure(Thread worker, PrintStream err) {
        this.err = err;
        this.hook = new Thread(() -> leave(worker), "pipeline-departure");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    int with(int exitCode) {
        code.complete(exitCode);
        return exitCode;
    }

    private void leave(Thread worker) {
        // The JVM lets nobody hear a signal while its hooks are at work, unless he asks for it.
        if (List.of("INT", "TERM").stream()
                        .filter(name -> Signals.on(name, this::leaveAtOnce))
                        .count()
                > 0) {
            err.println("stopping; who asks once more gets everything killed");
        }
        worker.interrupt();
        int exitCode = ExitCode.ABORTED;
        try {
            exitCode = code.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            err.println("not everything has stopped after " + PATIENCE_SECONDS + " s; leaving it");
        } catch (ExecutionException | InterruptedException impossible) {
            err.println("stopped without an end: " + impossible);
        }
        err.flush();
        // The process would end with the number of the signal, and ours is the one that says what happened.
        Runtime.getRuntime().halt(exitCode);
    }

    private void leaveAtOnce(int signal) {
        try {
            List<ProcessTree.Member> left = ProcessTree.stopMarked(LocalExecutor.marker(), Duration.ZERO);
            // Nothing in between: code of a stage that sees its command end may start another one.
            if (!left.isEmpty()) {
                err.println("still alive, end them by hand: " + left);
                err.flush();
            }
        } finally {
            Runtime.getRuntime().halt(BY_SIGNAL + signal);
        }
    }

    @Override
    public void close() {
        code.complete(ExitCode.ERRORED);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException leaving) {
            // The hook is at work, has the code, and ends the process.
            return;
        }
    }
}
