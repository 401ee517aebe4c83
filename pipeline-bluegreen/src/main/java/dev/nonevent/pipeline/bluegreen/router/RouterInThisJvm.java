package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.Home;
import dev.nonevent.pipeline.bluegreen.router.daemon.RunningRouter;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The router as a part of this JVM, for embedders and tests: it dies with it. Several may be open, one for each home. */
final class RouterInThisJvm implements TrafficSwitcher {

    private final int port;
    private final Map<Path, RunningRouter> running = new ConcurrentHashMap<>();

    RouterInThisJvm(int port) {
        this.port = port;
    }

    @Override
    public String description() {
        return "router in this JVM on " + Router.portName(port) + " (dies with it)";
    }

    @Override
    public List<String> problems() {
        return Router.portProblems(port);
    }

    @Override
    public synchronized Traffic open(String application, Path home) throws InterruptedException {
        Path key = new Home(home).directory();
        if (!running.containsKey(key)) {
            running.put(key, RunningRouter.start(application, home, Router.LOOPBACK, port, route -> {}));
        }
        return line(key);
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        Path key = new Home(home).directory();
        return running.containsKey(key) ? Optional.of(line(key)) : Optional.empty();
    }

    private Traffic line(Path key) {
        return new LocalTraffic(() -> Optional.ofNullable(running.get(key)), () -> end(key));
    }

    private void end(Path key) {
        RunningRouter ended = running.remove(key);
        if (ended != null) {
            ended.close();
        }
    }
}
