package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.ClassPath;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.router.daemon.Home;
import dev.nonevent.pipeline.bluegreen.router.daemon.ProgramCopy;
import dev.nonevent.pipeline.bluegreen.router.daemon.RemoteTraffic;
import dev.nonevent.pipeline.bluegreen.router.daemon.Settings;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The router as a process that outlives the deployer.
 *
 * @param classPath where the daemon finds its program; empty: where this JVM has it from
 */
record InItsOwnProcess(Optional<String> classPath) implements Place {

    private static final int ATTEMPTS = 4;

    @Override
    public String description() {
        return "router";
    }

    @Override
    public Traffic open(String application, Path home, Settings settings) throws InterruptedException {
        Home directory = new Home(home);
        directory.prepare();
        RemoteTraffic traffic = new RemoteTraffic(directory.directory(), application, RemoteTraffic.PATIENCE);
        ProgramCopy copies = new ProgramCopy(directory.directory());
        String program = copies.of(classPath.orElseGet(ClassPath::ofTheDaemon));
        BooleanSupplier fits = () -> traffic.found()
                .map(found -> stays(found, copies.name(program), settings))
                .orElse(false);
        if (traffic.found().isEmpty()) {
            traffic.refuseIfLost();
        }
        boolean fit = fits.getAsBoolean();
        for (int attempt = 0; attempt < ATTEMPTS && !fit; attempt++) {
            traffic.found().ifPresent(found -> refuseOtherAddress(application, settings, found));
            new DaemonProcess(directory.directory(), program).start(application, settings, fits);
            fit = fits.getAsBoolean();
        }
        RemoteTraffic.Found found = traffic.found()
                .orElseThrow(() -> new InfrastructureException("the router of " + application
                        + " was started and has ended: look into router.log in " + home));
        refuseOtherAddress(application, settings, found);
        if (!fit) {
            throw new InfrastructureException("somebody else opens the router of " + application
                    + " at this moment, with other settings or another version of this library, and was quicker "
                    + ATTEMPTS + " times: its users are served; let the other one end, and try again");
        }
        return traffic;
    }

    /** One that holds requests is not replaced, as they would have to be let go: the next one who opens it will. */
    private static boolean stays(RemoteTraffic.Found found, String program, Settings settings) {
        return found.fits(program, settings) || found.route().routing().admission() instanceof Admission.Held;
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        RemoteTraffic traffic = new RemoteTraffic(new Home(home).directory(), application, RemoteTraffic.PATIENCE);
        if (traffic.answers()) {
            return Optional.of(traffic);
        }
        traffic.refuseIfLost();
        return Optional.empty();
    }

    @Override
    public Place classPath(String path) {
        return new InItsOwnProcess(Optional.of(path));
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    /** Clients that come in where it listens now would find nobody there. */
    private static void refuseOtherAddress(String application, Settings settings, RemoteTraffic.Found found) {
        int port = found.address().getPort();
        if (settings.port() != 0 && settings.port() != port) {
            throw new InfrastructureException("the router of " + application + " runs on port " + port + ", and port "
                    + settings.port() + " is declared: declare " + port + ", or shut the running one down first");
        }
        if (!settings.bind().equals(found.bind())) {
            throw new InfrastructureException("the router of " + application + " listens on " + found.bind() + ", and "
                    + settings.bind() + " is declared: declare " + found.bind()
                    + ", or shut the running one down first");
        }
    }
}
