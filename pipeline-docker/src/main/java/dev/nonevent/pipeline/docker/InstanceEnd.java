package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an instance ends: each of its containers is asked by the signal its image names, given time, then killed and removed; also
 * one that was started again while another still lives the life that is to end.
 */
final class InstanceEnd {

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Engine engine;
    private final Lives lives;
    private final TimeSource time;

    InstanceEnd(Engine engine, TimeSource time) {
        this.engine = engine;
        this.lives = new Lives(engine);
        this.time = time;
    }

    /** Other lives of the same containers are not touched, if none of those that it names is there any more. */
    void of(Instance instance, Duration grace) throws InterruptedException {
        Optional<Life> one = lives.of(instance).stream().findFirst();
        if (one.isEmpty()) {
            return;
        }
        List<Life> all = lives.with(deployment(one.get()));
        if (!grace.isZero()) {
            // The engine does not start again what was sent the signal that ends it.
            all.stream()
                    .filter(Life::isAlive)
                    .forEach(life -> new Container(engine, life.container()).signal(endsBy(life.container())));
            awaitEnd(all, grace);
        }
        all.forEach(lives::remove);
    }

    private void awaitEnd(List<Life> all, Duration grace) throws InterruptedException {
        long began = time.nanos();
        for (Life each : all) {
            while (lives.of(each.container()).filter(Life::isAlive).isPresent()) {
                if (time.nanos() - began >= grace.toNanos()) {
                    return;
                }
                time.sleep(LOOK);
            }
        }
    }

    /** By which all of an instance are found, whatever has become of them. */
    private static Map<String, String> deployment(Life one) {
        return Map.of(
                Mark.HOME, one.label(Mark.HOME),
                Mark.APPLICATION, one.label(Mark.APPLICATION),
                Mark.DEPLOYMENT, one.label(Mark.DEPLOYMENT));
    }

    /** Without SIG, as {@link Container#signal} takes it. */
    private String endsBy(String container) {
        InspectContainerResponse answer = engine.ask(
                "asking what ends container " + container,
                docker -> docker.inspectContainerCmd(container).exec());
        Object signal = answer.getConfig().getRawValues().get("StopSignal");
        return signal instanceof String said && !said.isBlank() ? said.replaceFirst("^SIG", "") : "TERM";
    }
}
