package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** The end of what something has printed, as far as an engine has kept it. */
public final class LogEnd {

    private final Engine engine;

    public LogEnd(Engine engine) {
        this.engine = engine;
    }

    /**
     * Its last lines, those of its standard output first; none of what is gone.
     *
     * @param whose the sentence's end: {@code container 4f…}
     * @param ask for no more than these lines, and not to go on when they were sent
     */
    public List<String> of(String whose, int lines, BiConsumer<DockerClient, ResultCallback<Frame>> ask)
            throws InterruptedException {
        Map<StreamType, LastLines> ends = new EnumMap<>(StreamType.class);
        Streamed<Frame> frames = new Streamed<>(
                // The library uses its array again for what comes next.
                frame -> ends.computeIfAbsent(frame.getStreamType(), type -> new LastLines())
                        .write(frame.getPayload().clone()));
        String doing = "reading what " + whose + " printed";
        try (frames) {
            engine.tell(doing, docker -> ask.accept(docker, frames));
            frames.ended().get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            InfrastructureException why = engine.explained(doing, failed);
            if (why instanceof EngineRefusedException refused && refused.isNotFound()) {
                return List.of();
            }
            throw why;
        } catch (TimeoutException late) {
            throw new InfrastructureException(
                    "the Docker engine did not say within " + Engine.ANSWER.toSeconds() + " s what " + whose
                            + " printed",
                    late);
        }
        List<String> all = new ArrayList<>();
        ends.values().forEach(each -> all.addAll(each.toList()));
        return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
    }
}
