package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A request with these headers and nothing behind it. */
final class Visitor implements Guest {

    final AtomicInteger told = new AtomicInteger();
    volatile boolean wasCut;

    private final Map<String, List<String>> headers;
    private final Consumer<Visitor> whenTold;

    Visitor() {
        this(Map.of(), visitor -> {});
    }

    Visitor(Consumer<Visitor> whenTold) {
        this(Map.of(), whenTold);
    }

    Visitor(String header, String... values) {
        this(Map.of(header, List.of(values)), visitor -> {});
    }

    private Visitor(Map<String, List<String>> headers, Consumer<Visitor> whenTold) {
        this.headers = headers;
        this.whenTold = whenTold;
    }

    @Override
    public List<String> values(String header) {
        return headers.getOrDefault(header, List.of());
    }

    @Override
    public void claimAgain() {
        told.incrementAndGet();
        whenTold.accept(this);
    }

    @Override
    public void cut(Gate gate, Runnable cut) {
        wasCut = true;
        cut.run();
        gate.leave(this);
    }
}
