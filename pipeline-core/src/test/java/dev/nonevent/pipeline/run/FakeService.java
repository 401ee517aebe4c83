package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.executor.ServiceGroup;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service in memory: it is ready when a test says so, says what it is told to, and dies on request. */
final class FakeService implements Service {

    final AtomicInteger starts = new AtomicInteger();
    final AtomicInteger ends = new AtomicInteger();
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    private final String name;
    private CountDownLatch ready = new CountDownLatch(0);
    private Runnable whileStarting = () -> {};
    private volatile Optional<String> death = Optional.empty();
    private volatile Optional<String> left = Optional.empty();
    private volatile CommandOutput output = bytes -> {};

    FakeService(String name) {
        this.name = name;
    }

    FakeService readyOn(CountDownLatch signal) {
        ready = signal;
        return this;
    }

    FakeService whileStarting(Runnable action) {
        whileStarting = action;
        return this;
    }

    FakeService cannotBeEnded(String why) {
        left = Optional.of(why);
        return this;
    }

    void says(String line) {
        output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void dies(String how) {
        death = Optional.of(how);
    }

    /** Whether a run has ended it, some time soon. */
    boolean hasEnded() throws InterruptedException {
        return ended.await(20, TimeUnit.SECONDS);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "fake:" + name;
    }

    @Override
    public List<Integer> ports() {
        return List.of(5432);
    }

    @Override
    public RunningService start(ServiceGroup group, CommandOutput output) throws InterruptedException {
        starts.incrementAndGet();
        this.output = output;
        begun.countDown();
        says("hello from " + group.run());
        whileStarting.run();
        ready.await();
        return new Running();
    }

    private final class Running implements RunningService {

        @Override
        public ServiceAddress address() {
            return new ServiceAddress("127.0.0.1", java.util.Map.of(5432, 40001));
        }

        @Override
        public Optional<String> ended() {
            return death;
        }

        @Override
        public void close() {
            ends.incrementAndGet();
            ended.countDown();
            left.ifPresent(why -> {
                throw new InfrastructureException(why);
            });
        }
    }
}
