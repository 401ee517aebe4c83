package dev.nonevent.pipeline.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A strategy that keeps its application in memory and says what it was asked. */
public final class FakeStrategy<A> implements DeploymentStrategy<A, String> {

    private final String application;
    private final List<String> problems;
    private final Function<? super A, String> deploy;
    private final List<String> asked = new ArrayList<>();
    private final List<DeploymentRecord> records = new ArrayList<>();
    private RuntimeException broken;
    private List<String> worstCase = List.of();
    private Optional<Duration> longest = Optional.empty();
    private Set<Order> orders = Set.of();

    private FakeStrategy(String application, List<String> problems, Function<? super A, String> deploy) {
        this.application = application;
        this.problems = problems;
        this.deploy = deploy;
    }

    public static <A> FakeStrategy<A> of(String application, Class<A> what, String... problems) {
        return new FakeStrategy<>(application, List.of(problems), artifact -> application + " is live");
    }

    public FakeStrategy<A> thatAnswers(Function<? super A, String> answer) {
        return new FakeStrategy<>(application, problems, answer);
    }

    public FakeStrategy<A> withHistory(List<DeploymentRecord> history) {
        records.addAll(history);
        return this;
    }

    public FakeStrategy<A> taking(Duration atMost, String... parts) {
        longest = Optional.of(atMost);
        worstCase = List.of(parts);
        return this;
    }

    public FakeStrategy<A> taking(Order... these) {
        orders = Set.of(these);
        return this;
    }

    /** Every command from now on throws this. */
    public void breakWith(RuntimeException thrown) {
        broken = thrown;
    }

    /** What it was asked to do, in order. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public String application() {
        return application;
    }

    @Override
    public List<String> problems() {
        return problems;
    }

    @Override
    public List<String> worstCase() {
        return worstCase;
    }

    @Override
    public Optional<Duration> longest() {
        return longest;
    }

    @Override
    public String description() {
        return "fake deployment of \"" + application + "\"";
    }

    @Override
    public String deploy(A artifact, DeploymentContext context) {
        asked("deploy");
        context.progress().accept("switched to green; traffic is on green");
        String answer = deploy.apply(artifact);
        Instant now = context.time().now();
        records.add(new DeploymentRecord(
                new Release(application, "v1", "sha256:0", context.commit(), context.committedAt(), context.run()),
                now,
                Optional.of(now),
                Optional.of(now),
                true,
                Optional.empty()));
        return answer;
    }

    @Override
    public String rollBack(DeploymentContext context) {
        asked("rollBack");
        context.progress().accept("switching back");
        return application + " is back on blue";
    }

    @Override
    public Set<Order> orders() {
        return orders;
    }

    @Override
    public String give(Order order, DeploymentContext context) {
        asked(order.toString());
        context.progress().accept("asked by " + context.run());
        return application + " is told to " + order;
    }

    @Override
    public String inspect(DeploymentContext context) {
        asked("inspect");
        return application + ": traffic is on blue";
    }

    @Override
    public List<String> recover(DeploymentContext context) {
        asked("recover");
        return List.of();
    }

    @Override
    public String down(DeploymentContext context) {
        asked("down");
        return application + " is gone";
    }

    @Override
    public List<DeploymentRecord> history(DeploymentContext context) {
        asked("history");
        return List.copyOf(records);
    }

    private void asked(String what) {
        asked.add(what);
        if (broken != null) {
            throw broken;
        }
    }
}
