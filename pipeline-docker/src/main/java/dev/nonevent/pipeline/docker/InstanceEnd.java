package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** How an instance ends: asked by the signal its image names, given time, then killed and removed. */
final class InstanceEnd {

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Engine engine;
    private final TimeSource time;

    InstanceEnd(Engine engine, TimeSource time) {
        this.engine = engine;
        this.time = time;
    }

    /** Another life of the same container is not touched. */
    void of(String name, Instance instance, Duration grace) throws InterruptedException {
        Lives lives = new Lives(engine);
        Optional<Life> life = lives.of(name).filter(found -> found.is(instance));
        if (life.isEmpty()) {
            return;
        }
        if (life.get().isAlive() && !grace.isZero()) {
            // The engine does not start again what was sent the signal that ends it.
            new Container(engine, name).signal(endsBy(name));
            long began = time.nanos();
            while (lives.of(name).filter(Life::isAlive).isPresent() && time.nanos() - began < grace.toNanos()) {
                time.sleep(LOOK);
            }
        }
        lives.remove(life.get());
    }

    /** Without SIG, as {@link Container#signal} takes it. */
    private String endsBy(String name) {
        InspectContainerResponse answer = engine.ask(
                "asking what ends container " + name,
                docker -> docker.inspectContainerCmd(name).exec());
        Object signal = answer.getConfig().getRawValues().get("StopSignal");
        return signal instanceof String said && !said.isBlank() ? said.replaceFirst("^SIG", "") : "TERM";
    }
}
