package dev.nonevent.pipeline.deployment;

import java.nio.file.Path;
import java.util.List;

/**
 * How a release is started as a process.
 *
 * <pre>{@code (jar, port) -> List.of("java", "-jar", jar.toString(), "--port", "" + port)}</pre>
 */
@FunctionalInterface
public interface Launch {

    /**
     * Program first; no shell reads them. Asked when a release is prepared, and its answer is kept: a rollback starts an old
     * release the way it was started then. The same file and port get the same answer.
     *
     * @param artifact where the release's file lies
     * @param port where it has to listen, on the loopback address
     */
    List<String> argv(Path artifact, int port);
}
