package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.LastLines;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a container has printed, as far as the engine has kept it. */
final class ContainerLog {

    private final Engine engine;

    ContainerLog(Engine engine) {
        this.engine = engine;
    }

    /** Its last lines, those of its standard output first; none of a container that is gone. */
    List<String> end(String container, int lines) throws InterruptedException {
        Map<StreamType, LastLines> ends = new EnumMap<>(StreamType.class);
        Streamed<Frame> frames = new Streamed<>(
                // The library uses its array again for what comes next.
                frame -> ends.computeIfAbsent(frame.getStreamType(), type -> new LastLines())
                        .write(frame.getPayload().clone()));
        try (frames) {
            engine.ask(
                    "reading what container " + container + " printed",
                    docker -> docker.logContainerCmd(container)
                            .withStdOut(true)
                            .withStdErr(true)
                            .withTail(lines)
                            .exec(frames));
            frames.ended().get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            InfrastructureException why = engine.explained("reading what container " + container + " printed", failed);
            if (why instanceof EngineRefusedException refused && refused.isNotFound()) {
                return List.of();
            }
            throw why;
        } catch (TimeoutException late) {
            throw new InfrastructureException(
                    "the Docker engine did not say within " + Engine.ANSWER.toSeconds() + " s what container "
                            + container + " printed",
                    late);
        }
        List<String> all = new ArrayList<>();
        ends.values().forEach(each -> all.addAll(each.toList()));
        return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
    }
}
