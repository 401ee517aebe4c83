package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.Home;
import dev.nonevent.pipeline.bluegreen.router.daemon.RunningRouter;
import dev.nonevent.pipeline.bluegreen.router.daemon.Settings;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The router as a part of this JVM, for embedders and tests: it dies with it. Several may be open, one for each home. */
final class InThisJvm implements Place {

    private final Map<Path, RunningRouter> running;
    private final boolean classPathNamed;

    InThisJvm() {
        this(new ConcurrentHashMap<>(), false);
    }

    private InThisJvm(Map<Path, RunningRouter> running, boolean classPathNamed) {
        this.running = running;
        this.classPathNamed = classPathNamed;
    }

    @Override
    public String description() {
        return "router in this JVM, that dies with it,";
    }

    @Override
    public synchronized Traffic open(String application, Path home, Settings settings) throws InterruptedException {
        Path key = new Home(home).directory();
        if (!running.containsKey(key)) {
            running.put(key, RunningRouter.start(application, home, settings, route -> {}));
        }
        return line(key);
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        Path key = new Home(home).directory();
        return running.containsKey(key) ? Optional.of(line(key)) : Optional.empty();
    }

    @Override
    public Place classPath(String path) {
        return new InThisJvm(running, true);
    }

    @Override
    public List<String> problems() {
        return classPathNamed
                ? List.of("a router in this JVM has the class path of this JVM: leave classPath(…) out")
                : List.of();
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
