package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.LogEnd;
import java.util.List;

/** What a container has printed, as far as the engine has kept it. */
final class ContainerLog {

    private final Engine engine;

    ContainerLog(Engine engine) {
        this.engine = engine;
    }

    /** Its last lines, those of its standard output first; none of a container that is gone. */
    List<String> end(String container, int lines) throws InterruptedException {
        return new LogEnd(engine)
                .of(
                        "container " + container,
                        lines,
                        (docker, frames) -> docker.logContainerCmd(container)
                                .withStdOut(true)
                                .withStdErr(true)
                                .withTail(lines)
                                .exec(frames));
    }
}
