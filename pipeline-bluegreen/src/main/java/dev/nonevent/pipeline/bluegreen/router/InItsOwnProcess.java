package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.ClassPath;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.router.daemon.Home;
import dev.nonevent.pipeline.bluegreen.router.daemon.ProgramCopy;
import dev.nonevent.pipeline.bluegreen.router.daemon.RemoteTraffic;
import dev.nonevent.pipeline.bluegreen.router.daemon.Settings;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The router as a process that outlives the deployer.
 *
 * @param classPath where the daemon finds its program; empty: where this JVM has it from
 */
record InItsOwnProcess(Optional<String> classPath) implements Place {

    @Override
    public String description() {
        return "router";
    }

    @Override
    public Traffic open(String application, Path home, Settings settings) throws InterruptedException {
        Home directory = new Home(home);
        directory.prepare();
        RemoteTraffic traffic = new RemoteTraffic(directory.directory(), application, RemoteTraffic.PATIENCE);
        if (!traffic.answers()) {
            String program = new ProgramCopy(directory.directory()).of(classPath.orElseGet(ClassPath::ofTheDaemon));
            new DaemonProcess(directory.directory(), program).start(application, settings, traffic::answers);
        }
        refuseOtherPort(application, settings.port(), traffic.address());
        refuseOtherPreview(application, settings.preview(), traffic.preview());
        return traffic;
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        RemoteTraffic traffic = new RemoteTraffic(new Home(home).directory(), application, RemoteTraffic.PATIENCE);
        return traffic.answers() ? Optional.of(traffic) : Optional.empty();
    }

    @Override
    public Place classPath(String path) {
        return new InItsOwnProcess(Optional.of(path));
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    private static void refuseOtherPort(String application, int port, URI address) {
        if (port != 0 && address.getPort() != port) {
            throw new InfrastructureException("the router of " + application + " runs on port " + address.getPort()
                    + ", and port " + port + " is declared: declare " + address.getPort()
                    + ", or shut the running one down first");
        }
    }

    private static void refuseOtherPreview(String application, Optional<Integer> declared, Optional<URI> running) {
        if (declared.isPresent() && running.isEmpty()) {
            throw new InfrastructureException(
                    "the router of " + application
                            + " runs without a preview, and one is declared: shut the running one down first, or leave preview(…) out");
        }
        int port = running.map(URI::getPort).orElse(0);
        if (declared.isPresent() && declared.get() != 0 && declared.get() != port) {
            throw new InfrastructureException("the preview of " + application + " is on port " + port + ", and port "
                    + declared.get() + " is declared: declare " + port + ", or shut the running one down first");
        }
    }
}
