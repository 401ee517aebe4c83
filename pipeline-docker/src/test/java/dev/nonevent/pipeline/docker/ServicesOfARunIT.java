package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.gate.Verdict;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.plan.InvalidPipelineException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.report.ConsoleReport;
import dev.nonevent.pipeline.report.ConsoleStyle;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.Run;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.work.StageContext;
import dev.nonevent.pipeline.work.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
@Timeout(120)
class ServicesOfARunIT {

    private static final String SERVE = "mkdir /tmp/www; echo rows > /tmp/www/table; exec httpd -f -p 5432 -h /tmp/www";

    /** A static busybox looks a name up with this program only. */
    private static final String ASK =
            "echo at $DB; ip=$(nslookup db | awk '/^Name/ { getline; print $2; exit }'); wget -qO- http://$ip:5432/table";

    private final TestEngine engine;
    private final DockerExecutor busybox;
    private final DockerService db;
    private final List<RunEvent> heard = new CopyOnWriteArrayList<>();
    private final StringBuffer console = new StringBuffer();

    @TempDir
    Path home;

    ServicesOfARunIT(TestEngine engine) {
        this.engine = engine;
        this.busybox = DockerExecutor.container(engine.image()).withoutPulling().grace(Duration.ofSeconds(1));
        this.db = DockerService.service(engine.image())
                .name("db")
                .port(5432)
                .command("sh", "-c", SERVE)
                .withoutPulling();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.containers()).isEmpty();
        assertThat(engine.networks()).isEmpty();
    }

    @Test
    void twoGatesAtTheSameTimeReachOneServiceByItsName() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);

        RunResult result = run(p -> {
            p.gate("left").in(busybox).env("DB", db.url("{host}:{port}")).check(ctx -> answered(ctx, both));
            p.gate("right").in(busybox).env("DB", db.url("{host}:{port}")).check(ctx -> answered(ctx, both));
        });

        assertThat(result.outcomes().values()).allMatch(Outcome::hasPassed);
        assertThat(result.outcomes().get("left")).isEqualTo(new Outcome.Passed("[at db:5432, rows]"));
        assertThat(heard.stream().filter(RunEvent.ServiceStarting.class::isInstance))
                .hasSize(1);
    }

    private static Verdict answered(StageContext ctx, CyclicBarrier both) throws Exception {
        List<String> lines = ctx.exec("sh", "-c", ASK).lastLines();
        both.await(60, TimeUnit.SECONDS);
        return Verdict.pass(lines.toString());
    }

    @Test
    void aStageOnThisMachineReachesItOnThePublishedPort() throws Exception {
        RunResult result = run(p -> p.stage("here")
                .in(LocalExecutor.local())
                .env("DB", db.url("http://{host}:{port}/table"))
                .run(ctx -> ctx.exec("sh", "-c", "busybox wget -qO- \"$DB\"")
                        .lastLines()
                        .toString()));

        assertThat(result.outcome().hasPassed()).as(result.firstProblem()).isTrue();
        assertThat(heard.toString()).contains("line=rows");
    }

    @Test
    void theLastLinesOfAServiceThatDiesStandInTheFailureBlock() throws Exception {
        DockerService mortal = db.command(
                        "sh", "-c", "echo ready; nc -l -p 5432 >/dev/null; echo PANIC: checksum; exit 134")
                .readyWhenLog("ready");

        // The engine hangs up for good only when it knows that the container has ended.
        String untilItIsGone = "while busybox nc -w 1 ${DB%:*} ${DB#*:} </dev/null; do sleep 0.1; done; exit 1";
        run(p -> p.stage("test")
                .in(LocalExecutor.local())
                .env("DB", mortal.url("{host}:{port}"))
                .run(ctx -> ctx.exec("sh", "-c", untilItIsGone)));

        assertThat(console.toString())
                .contains("service db exited 134; its last lines (all: ", "  | PANIC: checksum\n");
    }

    @Test
    void aServiceThatDoesNotStartIsOneSentenceAndItsLastLines() throws Exception {
        DockerService broken = db.command("sh", "-c", "echo no space left; exit 3");

        RunResult result = run(p -> p.stage("test").in(busybox).service(broken).run(ctx -> ctx.exec("true")));

        assertThat(result.outcome()).isInstanceOf(Outcome.Errored.class);
        assertThat(result.firstProblem())
                .isEqualTo("test: service db is not ready: " + engine.image() + " exited 3 before it was ready");
        assertThat(console.toString()).contains("    no space left\n");
    }

    @Test
    void nothingIsLeftOfACancelledRun() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        Run run = runner().start(
                        plan(p -> p.stage("waits").in(busybox).service(db).run(ctx -> {
                            ctx.exec("true");
                            inside.countDown();
                            return ctx.exec("sleep", "300");
                        })),
                        RunRequest.of(Trigger.manual()));
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

        run.cancel("enough");

        assertThat(run.await().outcome()).isInstanceOf(Outcome.Aborted.class);
    }

    @Test
    void aContainerWithoutANetworkIsNotGivenOneForAService() {
        Assertions.assertThatThrownBy(() -> plan(p -> p.stage("sealed")
                        .in(busybox.network("none"))
                        .service(db)
                        .run(ctx -> 1)))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("stage \"sealed\": a container of " + engine.image()
                        + " has no network, and so reaches no service db: take network(\"none\") or the service away");
    }

    private RunResult run(Consumer<Scope> body) throws InterruptedException {
        return runner().run(plan(body), RunRequest.of(Trigger.manual()));
    }

    private PipelineRunner runner() {
        return PipelineRunner.in(home)
                .listener(heard::add)
                .listener(ConsoleReport.quiet(console, ConsoleStyle.simplest()));
    }

    private static Plan plan(Consumer<Scope> body) {
        return Plan.of(Pipeline.define("shop", body));
    }
}
