package dev.nonevent.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link CommandExecutor} promises. Extend it, and name the executor and a directory on this machine in which
 * it runs commands; {@code sh} and the usual small programs must be there.
 */
@Timeout(120)
public abstract class CommandExecutorContract {

    /** The executor under test. */
    protected abstract CommandExecutor executor();

    /** An empty directory of this test, deleted after it. */
    protected abstract Path directory();

    /** How often something is done over and over again; less often where each time takes long. */
    protected int times(int usual) {
        return usual;
    }

    @Test
    void theExitCodeIsTheCommands() throws Exception {
        assertThat(run("exit 0").succeeded()).isTrue();
        assertThat(run("exit 42").exitCode()).isEqualTo(42);
        assertThat(run("exit 255").exitCode()).isEqualTo(255);
    }

    @Test
    void outputAndErrorArriveInTheOrderTheyWereWritten() throws Exception {
        Recording output = new Recording();

        executor().run(shell("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done"), output);

        assertThat(output.text().lines())
                .containsExactly(
                        "out 1", "err 1", "out 2", "err 2", "out 3", "err 3", "out 4", "err 4", "out 5", "err 5");
    }

    @Test
    void whatIsPrintedRightBeforeTheEndArrives() throws Exception {
        for (int i = 0; i < times(10); i++) {
            Recording output = new Recording();

            CommandResult result = executor().run(shell("printf 'the last word'; exit 3"), output);

            assertThat(output.text()).isEqualTo("the last word");
            assertThat(result.lastLines()).containsExactly("the last word");
            assertThat(result.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void theResultKeepsTheLastFiftyLines() throws Exception {
        CommandResult result = run("i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo line $i; done");

        assertThat(result.lastLines()).hasSize(50).startsWith("line 151").endsWith("line 200");
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws Exception {
        Recording output = new Recording();
        String[] argv = {"printf", "%s\\n", "a b", "", "$HOME", "`id`", "$(id)", "*", "; exit 9", "-n", "ü€", "\"'\\"};

        executor().run(Command.of(directory(), argv), output);

        assertThat(output.text().lines())
                .containsExactlyElementsOf(List.of(argv).subList(2, argv.length));
    }

    @Test
    void itRunsInItsDirectory() throws Exception {
        Path inner = Files.createDirectory(directory().resolve("inner"));

        executor().run(Command.of(inner, "sh", "-c", "echo here > file"), new Recording());

        assertThat(inner.resolve("file")).hasContent("here");
    }

    @Test
    void declaredVariablesReachTheCommand() throws Exception {
        Recording output = new Recording();

        executor().run(shell("echo \"$GREETING\"").env("GREETING", "hello  $USER"), output);

        assertThat(output.text()).isEqualTo("hello  $USER\n");
    }

    @Test
    void inputIsEmpty() throws Exception {
        Recording output = new Recording();

        CommandResult result = executor().run(shell("cat; echo done").within(Duration.ofSeconds(30)), output);

        assertThat(output.text()).isEqualTo("done\n");
        assertThat(result.succeeded()).isTrue();
    }

    @Test
    void whatItWritesIsNotOlderThanItsStart() throws Exception {
        for (int i = 0; i < times(20); i++) {
            Path report = directory().resolve("report" + i);

            CommandResult result = executor()
                    .run(Command.of(directory(), "touch", report.getFileName().toString()), new Recording());

            assertThat(Files.getLastModifiedTime(report).toInstant()).isAfterOrEqualTo(result.startedAt());
        }
    }

    @Test
    void aCommandThatTakesTooLongIsStopped() throws Exception {
        Recording output = new Recording();
        Command command = shell("echo started; " + heartbeats() + " & wait").within(Duration.ofSeconds(1));

        assertThatThrownBy(() -> executor().run(command, output))
                .isInstanceOf(CommandTimedOutException.class)
                .hasMessageContaining("took longer than 1 s");

        assertThat(output.text()).startsWith("started");
        assertNothingBeats();
    }

    @Test
    void anInterruptStopsTheCommand() throws Exception {
        CompletableFuture<Thread> runner = new CompletableFuture<>();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<CommandResult> run = pool.submit(() -> {
                runner.complete(Thread.currentThread());
                return executor().run(shell(heartbeats()), new Recording());
            });
            await(() -> Files.exists(directory().resolve("beats")));

            runner.join().interrupt();

            assertThatThrownBy(run::get).hasCauseInstanceOf(InterruptedException.class);
            assertNothingBeats();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatACommandLeavesBehindIsEnded() throws Exception {
        CommandResult result = run(heartbeats() + " & while [ ! -e beats ]; do sleep 0.05; done");

        assertThat(result.succeeded()).isTrue();
        assertNothingBeats();
    }

    @Test
    void aProgramThatIsNotThereIsInfrastructure() {
        assertThatThrownBy(() -> executor().run(Command.of(directory(), "no-such-program"), new Recording()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void commandsInParallelKeepTheirOutputsApart() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> runs = new ArrayList<>();
            for (int i = 0; i < times(24); i++) {
                String name = "run " + i;
                runs.add(() -> {
                    Recording output = new Recording();
                    executor().run(shell("echo '" + name + "'; echo '" + name + "' >&2"), output);
                    return output.text();
                });
            }

            List<Future<String>> outputs = pool.invokeAll(runs);

            for (int i = 0; i < outputs.size(); i++) {
                assertThat(outputs.get(i).get()).isEqualTo("run " + i + "\nrun " + i + "\n");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aCommandOfASessionFindsWhatTheOneBeforeWrote() throws Exception {
        Recording output = new Recording();
        Path inner = Files.createDirectory(directory().resolve("inner"));

        try (Session session = session()) {
            session.run(shell("echo first > inner/file"), output);
            session.run(Command.of(inner, "sh", "-c", "cat file; echo second >> file"), output);
            session.run(shell("cat inner/file"), output);
        }

        assertThat(output.text()).isEqualTo("first\nfirst\nsecond\n");
    }

    @Test
    void aSessionKeepsTheExitCodesOfItsCommandsApart() throws Exception {
        List<Integer> exitCodes = new ArrayList<>();

        try (Session session = session()) {
            for (String script : List.of("exit 3", "exit 0", "kill -9 $$", "exit 137", "exit 0")) {
                exitCodes.add(session.run(shell(script), new Recording()).exitCode());
            }
        }

        assertThat(exitCodes).containsExactly(3, 0, 137, 137, 0);
    }

    @Test
    void aVariableOfOneCommandIsNotThereForTheNext() throws Exception {
        Recording output = new Recording();

        try (Session session = session()) {
            session.run(shell("echo 1 $MINE").env("MINE", "yes"), output);
            session.run(shell("echo 2 $MINE"), output);
        }

        assertThat(output.text()).isEqualTo("1 yes\n2\n");
    }

    @Test
    void whatACommandOfASessionLeavesBehindIsEndedBeforeTheNext() throws Exception {
        try (Session session = session()) {
            session.run(shell(heartbeats() + " & while [ ! -e beats ]; do sleep 0.05; done"), new Recording());

            assertNothingBeats();
        }
    }

    @Test
    void aCommandThatIsStoppedDoesNotEndTheSession() throws Exception {
        Recording output = new Recording();

        try (Session session = session()) {
            Command endless = shell(heartbeats() + " & trap '' TERM; wait").within(Duration.ofSeconds(1));
            assertThatThrownBy(() -> session.run(endless, new Recording()))
                    .isInstanceOf(CommandTimedOutException.class);
            assertNothingBeats();

            CommandResult next = session.run(shell("echo next; exit 4"), output);

            assertThat(next.exitCode()).isEqualTo(4);
        }
        assertThat(output.text()).isEqualTo("next\n");
    }

    @Test
    void anInterruptedCommandDoesNotEndTheSession() throws Exception {
        try (Session session = session()) {
            CompletableFuture<Thread> runner = new CompletableFuture<>();
            ExecutorService pool = Executors.newSingleThreadExecutor();
            try {
                Future<CommandResult> run = pool.submit(() -> {
                    runner.complete(Thread.currentThread());
                    return session.run(shell(heartbeats()), new Recording());
                });
                await(() -> Files.exists(directory().resolve("beats")));

                runner.join().interrupt();

                assertThatThrownBy(run::get).hasCauseInstanceOf(InterruptedException.class);
                assertNothingBeats();
            } finally {
                pool.shutdownNow();
            }

            assertThat(session.run(shell("exit 5"), new Recording()).exitCode()).isEqualTo(5);
        }
    }

    @Test
    void aProgramThatIsNotThereDoesNotEndTheSession() throws Exception {
        try (Session session = session()) {
            assertThatThrownBy(() -> session.run(Command.of(directory(), "no-such-program"), new Recording()))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("no-such-program");

            assertThat(session.run(shell("exit 6"), new Recording()).exitCode()).isEqualTo(6);
        }
    }

    @Test
    void aSessionIsClosedOnceAndThenTakesNothingMore() throws Exception {
        Session session = session();
        session.run(shell("true"), new Recording());

        session.close();
        session.close();

        assertThatThrownBy(() -> session.run(shell("echo late > late"), new Recording()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(directory().resolve("late")).doesNotExist();
    }

    @Test
    void aSessionWithoutACommandIsClosedLikeAnyOther() {
        Session session = session();

        assertThatCode(session::close).doesNotThrowAnyException();
    }

    @Test
    void itSaysWhereItRuns() {
        assertThat(executor().description()).isNotBlank();
    }

    /** A command line for {@code sh}. */
    protected final Command shell(String script) {
        return Command.of(directory(), "sh", "-c", script);
    }

    private Session session() {
        return executor().open(SessionRequest.in(directory()));
    }

    private CommandResult run(String script) throws InterruptedException {
        return executor().run(shell(script), new Recording());
    }

    /** A shell loop that writes to the file {@code beats} for as long as it lives, at most a minute. */
    private static String heartbeats() {
        return "(i=0; while [ $i -lt 1200 ]; do i=$((i+1)); echo $i >> beats; sleep 0.05; done)";
    }

    private void assertNothingBeats() throws Exception {
        long beats = Files.size(directory().resolve("beats"));
        long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
        while (System.nanoTime() < end) {
            assertThat(Files.size(directory().resolve("beats")))
                    .as("it still beats")
                    .isEqualTo(beats);
            Thread.sleep(20);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.sleep(10);
        }
    }

    /** Keeps what a command printed. */
    protected static final class Recording implements dev.nonevent.pipeline.executor.CommandOutput {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] piece) {
            bytes.writeBytes(piece);
        }

        public byte[] bytes() {
            return bytes.toByteArray();
        }

        public String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
