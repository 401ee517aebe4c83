package dev.nonevent.pipeline.bluegreen;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.DeployingProcess.End;
import dev.nonevent.pipeline.bluegreen.DeployingProcess.Fate;
import dev.nonevent.pipeline.bluegreen.router.load.Crowd;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One long life of an application whose deployers die again and again, while its users ask without a pause and repeat
 * nothing. For one thread.
 */
public final class Sweep implements AutoCloseable {

    private static final int KEPT_CONNECTIONS = 32;
    private static final int CONNECTIONS_FOR_ONE_REQUEST = 8;
    private static final Duration THINK = Duration.ofMillis(40);

    private final ProvingGround ground;
    private final boolean tells;
    private final int kept;
    private final int once;

    private Optional<Crowd> crowd = Optional.empty();
    private final List<Integer> ids = new ArrayList<>();
    private Set<String> usualFiles = Set.of();
    private int number;
    private Errand recovery = Errand.RECOVER;
    private Duration slowest = Duration.ZERO;

    Sweep(Path home) throws IOException {
        this(home, true);
    }

    /** @param tells whether there is room for what the instances print: the POSTs that they have received */
    Sweep(Path home, boolean tells) throws IOException {
        this(ProvingGround.in(home, new LocalPremises("")), tells, KEPT_CONNECTIONS, CONNECTIONS_FOR_ONE_REQUEST);
    }

    /** @param users how many of them keep their connections; a quarter as many more have one for each request */
    public Sweep(Path home, Premises premises, int users) throws IOException {
        this(ProvingGround.in(home, premises), true, users, users / 4);
    }

    private Sweep(ProvingGround ground, boolean tells, int kept, int once) {
        this.ground = ground;
        this.tells = tells;
        this.kept = kept;
        this.once = once;
    }

    ProvingGround ground() {
        return ground;
    }

    /** How many requests were answered, of those who have left. */
    public long requests() {
        return ids.stream().mapToLong(asked -> asked).sum();
    }

    /** The longest that a recovery took. */
    public Duration slowest() {
        return slowest;
    }

    /** Brings the application to where the errand begins. */
    public void prepare(Errand errand) throws IOException, InterruptedException {
        recovery = errand.recovery();
        while (ground.standing().beforeStable().isEmpty() || ground.warm().isEmpty()) {
            deployNext();
        }
        if (usualFiles.isEmpty()) {
            usualFiles = ground.files();
        }
        if (errand == Errand.DOWN || errand == Errand.FIRST) {
            usersLeave();
        }
        if (errand == Errand.FIRST) {
            ground.blueGreen().down(ground.context());
        }
        if (errand == Errand.ROLL_BACK_COLD) {
            ground.premises().crash(ground.warm().orElseThrow());
        }
    }

    /** The boundaries that a process on this errand passes, in order. */
    public List<String> boundaries(Errand errand) throws IOException, InterruptedException {
        prepare(errand);
        List<String> passed = new ArrayList<>();
        errand.run(ground, ++number, new Passage(passed::add));
        assertThat(passed).as("boundaries of " + errand).isNotEmpty();
        return passed;
    }

    /**
     * Dies once, recovers, recovers again, deploys the next release.
     *
     * @return the boundaries that the recovery has passed
     */
    public List<String> dieAt(Errand errand, String boundary) throws IOException, InterruptedException {
        prepare(errand);
        Set<Optional<String>> allowed = allowed(errand);
        killed(errand, boundary);

        List<String> passed = recover();

        settled(errand, allowed);
        changesNothingMore();
        nextDeploymentSucceeds();
        return passed;
    }

    /** The same, and the first recovery dies too. */
    public void dieTwice(Errand errand, String boundary, String second) throws IOException, InterruptedException {
        prepare(errand);
        Set<Optional<String>> allowed = allowed(errand);
        killed(errand, boundary);
        killed(recovery, number, second);

        recover();

        settled(errand, allowed);
        changesNothingMore();
        nextDeploymentSucceeds();
    }

    /** Something that happens to whoever is on an errand. */
    @FunctionalInterface
    public interface Mishap {
        void happens() throws Exception;
    }

    /**
     * Goes on the errand in this process, and something happens at the boundary; then recovers, recovers again, deploys the next
     * release.
     *
     * @return why the errand failed; empty if it did not
     */
    public Optional<String> meanwhile(Errand errand, String boundary, Mishap mishap)
            throws IOException, InterruptedException {
        prepare(errand);
        Set<Optional<String>> allowed = allowed(errand);
        List<String> met = new ArrayList<>();
        Optional<String> failure = Optional.empty();
        try {
            errand.run(ground, ++number, new Passage(passed -> {
                if (passed.equals(boundary)) {
                    met.add(passed);
                    met(mishap);
                }
            }));
        } catch (DeploymentFailedException | InfrastructureException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        assertThat(met).as("boundaries at which it happened").containsExactly(boundary);
        recover();
        settled(errand, allowed);
        changesNothingMore();
        nextDeploymentSucceeds();
        return failure;
    }

    private static void met(Mishap mishap) {
        try {
            mishap.happens();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void killed(Errand errand, int release, String boundary) throws IOException, InterruptedException {
        try (DeployingProcess process = DeployingProcess.start(ground, errand, release, Fate.HALT, boundary)) {
            End end = process.end();
            assertThat(end.code())
                    .as("%s has died at \"%s\": %s", errand, boundary, end)
                    .isEqualTo(DeployingProcess.HALTED);
        }
    }

    /** A process on this errand that waits at the boundary. */
    DeployingProcess waiting(Errand errand, String boundary) throws IOException {
        DeployingProcess process = DeployingProcess.start(ground, errand, ++number, Fate.WAIT, boundary);
        process.awaitLine("at " + boundary);
        return process;
    }

    /** A process on this errand that is run by another program. */
    DeployingProcess under(List<String> program, Errand errand) throws IOException {
        return DeployingProcess.start(program, ground, errand, ++number, Fate.LIVE, "");
    }

    /** A process on this errand that was killed at the boundary. */
    void killed(Errand errand, String boundary) throws IOException, InterruptedException {
        killed(errand, ++number, boundary);
    }

    /** Comes as soon as somebody may act, and does nothing. */
    void acquireAndRelease() {
        ground.ledger().acquire("looking").close();
    }

    List<String> recover() throws IOException, InterruptedException {
        List<String> passed = new ArrayList<>();
        long began = System.nanoTime();
        recovery.run(ground, number, new Passage(passed::add));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
        return passed;
    }

    /** Who may serve when all is recovered. */
    Set<Optional<String>> allowed(Errand errand) throws IOException {
        Set<Optional<String>> allowed = new HashSet<>(Set.of(ground.served()));
        if (errand == Errand.DOWN) {
            allowed.add(Optional.empty());
        } else if (errand == Errand.ROLL_BACK || errand == Errand.ROLL_BACK_COLD) {
            allowed.add(
                    Optional.of("" + numberOf(ground.standing().beforeStable().orElseThrow())));
        } else if (!errand.isBad()) {
            allowed.add(Optional.of("" + (number + 1)));
        }
        return allowed;
    }

    /** One proven release serves, or nobody does who never did; nothing else is there. */
    void settled(Errand errand, Set<Optional<String>> allowed) throws IOException, InterruptedException {
        Optional<String> served = ground.served();
        assertThat(served).as("who serves").isIn(allowed);
        Standing standing = ground.standing();
        assertThat(standing.open()).as("left open").isEmpty();
        Optional<Route> route = ground.route();
        if (served.isEmpty()) {
            assertThat(ground.remains()).as("what is there for nobody").isEmpty();
            return;
        }
        Optional<Target> active = route.orElseThrow().active();
        assertThat(active.map(Target::deployment))
                .as("the one that serves is stable")
                .isEqualTo(standing.stable().flatMap(Operation::instance).map(Instance::deployment));
        assertThat(route.orElseThrow().routing().targets())
                .as("whoever else gets traffic")
                .hasSize(1);
        Set<String> needed = new HashSet<>(Set.of(active.orElseThrow().deployment()));
        ground.standing().kept().ifPresent(kept -> needed.add(kept.old().deployment()));
        assertThat(ground.instances().stream().map(Instance::deployment))
                .as("what runs")
                .doesNotHaveDuplicates()
                .contains(active.orElseThrow().deployment())
                .isSubsetOf(needed);
        assertThat(ground.remains()).as("what is there, be it dead").isSubsetOf(needed);
        assertThat(ground.routers()).as("routers").hasSize(1);
        assertThat(ground.files()).as("files").isSubsetOf(usualFiles);
        assertThat(errand.isBad() && served.equals(Optional.of("" + number))).isFalse();
    }

    void changesNothingMore() throws IOException, InterruptedException {
        ProvingGround.Picture before = ground.picture();
        assertThat(ground.blueGreen().recover(ground.context()))
                .as("recovering again says nothing")
                .isEmpty();
        ProvingGround.Picture after = ground.picture();
        assertThat(after.facts()
                        .subList(
                                Math.min(before.facts().size(), after.facts().size()),
                                after.facts().size()))
                .as("facts of a second recovery")
                .isEmpty();
        assertThat(after.routing()).as("routing").isEqualTo(before.routing());
        assertThat(after.instances()).as("instances").isEqualTo(before.instances());
        assertThat(after.routers()).as("routers").isEqualTo(before.routers());
        assertThat(after.files()).as("files").isEqualTo(before.files());
    }

    void nextDeploymentSucceeds() throws IOException, InterruptedException {
        deployNext();
        settled(Errand.DEPLOY, Set.of(Optional.of("" + number)));
        crowd.ifPresent(
                users -> assertThat(users.failures()).as("failed requests").isEmpty());
    }

    private void deployNext() throws IOException, InterruptedException {
        if (ground.served().isPresent()) {
            usersCome();
        }
        Errand.DEPLOY.run(ground, ++number, boundary -> {});
    }

    private int numberOf(Operation operation) throws IOException {
        return IntStream.rangeClosed(1, number)
                .filter(candidate -> {
                    try {
                        return ground.premises().isOf(operation.begun().blueprint(), "" + candidate, ground.home());
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    private void usersCome() throws IOException, InterruptedException {
        if (crowd.isEmpty()) {
            Crowd users = new Crowd(ground.address())
                    .add(kept, true, THINK, THINK)
                    .add(once, false, THINK, THINK)
                    .start();
            crowd = Optional.of(users);
            users.awaitAnswers(kept);
        }
    }

    /** What they have seen is judged when they leave. */
    public void usersLeave() throws IOException, InterruptedException {
        if (crowd.isPresent()) {
            try (Crowd users = crowd.get()) {
                crowd = Optional.empty();
                int asked = users.stop();
                assertThat(users.failures()).as("failed requests").isEmpty();
                assertThat(users.answers()).isEqualTo(asked);
                ids.add(asked);
            }
        }
        if (tells) {
            eachPostWasReceivedOnce();
        }
    }

    /** Those who came at different times began to count at 0 again. */
    private void eachPostWasReceivedOnce() throws IOException, InterruptedException {
        Map<Integer, Long> received = ground.posts().stream().collect(groupingBy(id -> id, counting()));
        Map<Integer, Long> sent = ids.stream()
                .flatMap(asked ->
                        IntStream.range(0, asked).filter(id -> id % 2 == 1).boxed())
                .collect(groupingBy(id -> id, counting()));
        assertThat(received).as("how often each POST was received").isEqualTo(sent);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            if (crowd.isPresent()) {
                crowd.get().close();
            }
        } finally {
            assertThat(ground.clear()).as("what is left of this home").isEmpty();
        }
    }
}
