package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.Endpoint;
import dev.nonevent.pipeline.bluegreen.proxy.Layout;
import dev.nonevent.pipeline.bluegreen.proxy.Page;
import dev.nonevent.pipeline.bluegreen.proxy.Proxy;
import dev.nonevent.pipeline.bluegreen.proxy.Side;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nginx goes by an included file, and takes a new one with a reload. */
final class RunningNginx implements Proxy {

    private static final Duration RELOADED_WITHIN = Duration.ofSeconds(40);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
    /** New connections in a row that a new worker answers; any worker that listens may take one. */
    private static final int ANSWERS_IN_A_ROW = 8;

    private final Words words;
    private final Check check;
    private final RequestLog log;
    private final Commands commands;
    private final TimeSource time;
    private final Ending ending;

    /** How nginx is told things, program first. */
    record Commands(Path directory, List<String> test, List<String> reload) {}

    /** How it ends. */
    interface Ending {
        void end(Work obey) throws InterruptedException;
    }

    /** Makes it go by the file. */
    interface Work {
        void run() throws InterruptedException;
    }

    RunningNginx(Words words, Path log, Commands commands, TimeSource time, Ending ending) {
        this.words = words;
        this.check = new Check(words.checkPort());
        this.log = new RequestLog(log, words);
        this.commands = commands;
        this.time = time;
        this.ending = ending;
    }

    @Override
    public String file(Layout layout) {
        return words.of(layout);
    }

    @Override
    public Optional<String> complaint() throws InterruptedException {
        CommandResult result = run(commands.test());
        if (!result.succeeded()) {
            return Optional.of(said(result));
        }
        return check.isTaken()
                ? Optional.of(
                        "port " + words.checkPort() + ", where it is to say what it goes by, is another program's:"
                                + " remove the file check.port in the application's home, and another port is picked")
                : Optional.empty();
    }

    @Override
    public void obey(Layout layout) throws InterruptedException {
        Optional<Check.Answer> before = check.ask();
        if (before.isPresent() && before.get().edition() == layout.edition()) {
            return;
        }
        List<Long> old = before.isPresent() ? Workers.of(before.get().worker()).all() : List.of();
        CommandResult reload = run(commands.reload());
        if (!reload.succeeded()) {
            throw new TrafficUnknownException("nginx was not reloaded: " + said(reload));
        }
        awaitNew(layout.edition(), old);
    }

    private void awaitNew(long edition, List<Long> old) throws InterruptedException {
        long began = time.nanos();
        int row = 0;
        while (row < ANSWERS_IN_A_ROW || !old.stream().allMatch(Workers::hasLeft)) {
            boolean isNew =
                    check.ask().filter(answer -> answer.edition() == edition).isPresent();
            row = isNew ? row + 1 : 0;
            if (time.nanos() - began > RELOADED_WITHIN.toNanos()) {
                throw new TrafficUnknownException("nginx was told to reload, and after " + RELOADED_WITHIN.toSeconds()
                        + " s old workers still take connections: look into its error log");
            }
            if (row < ANSWERS_IN_A_ROW) {
                time.sleep(isNew ? Duration.ZERO : LOOK_AGAIN);
            } else {
                time.sleep(LOOK_AGAIN);
            }
        }
    }

    @Override
    public Optional<String> disagreement(Layout layout) {
        Check.Answer answer = answer();
        return answer.edition() == layout.edition()
                ? Optional.empty()
                : Optional.of(
                        "the running nginx goes by edition " + answer.edition() + " of it, not by " + layout.edition());
    }

    @Override
    public Optional<String> wayWithoutAFile() {
        return check.ask().map(answer -> "the running nginx goes by edition " + answer.edition() + " of it");
    }

    /** It keeps none. */
    @Override
    public long fence() {
        return 0;
    }

    @Override
    public Page count(Page page, List<Side> sides) {
        return log.count(page, sides);
    }

    /** An instance gets a connection for each request, which ends with it. */
    @Override
    public long inFlight(Side side) {
        return workers().connectionsTo(side.endpoint());
    }

    @Override
    public long cut(Side side) {
        Endpoint endpoint = side.endpoint();
        long cut = 0;
        for (long worker : workers().leaving()) {
            long connections = Sockets.connectionsTo(worker, endpoint);
            if (connections > 0) {
                cut += connections;
                Workers.end(worker);
            }
        }
        return cut;
    }

    @Override
    public boolean countsWhatItCuts() {
        return false;
    }

    @Override
    public void end(Layout closed) throws InterruptedException {
        ending.end(() -> obey(closed));
    }

    private Workers workers() {
        return Workers.of(answer().worker());
    }

    private Check.Answer answer() {
        return check.ask()
                .orElseThrow(() -> new TrafficUnknownException("no nginx answers at 127.0.0.1:" + words.checkPort()
                        + ": it has ended, or does not include our file; nobody knows where traffic is"));
    }

    private CommandResult run(List<String> argv) throws InterruptedException {
        Command command = new Command(argv, commands.directory(), Map.of(), Optional.of(COMMAND_LIMIT));
        return LocalExecutor.local().run(command, bytes -> {});
    }

    private static String said(CommandResult result) {
        return result.line() + " exited " + result.exitCode() + ": " + String.join(" ", result.lastLines());
    }
}
