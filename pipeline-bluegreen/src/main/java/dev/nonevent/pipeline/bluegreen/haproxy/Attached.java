package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.proxy.ProxyTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The HAProxy somebody has: it is never started and never ended here. */
record Attached(Path adminSocket, Path map, String backend, URI address, TimeSource time)
        implements HaproxySwitcher.Kind {

    Attached backend(String name) {
        return new Attached(adminSocket, map, name, address, time);
    }

    @Override
    public String description() {
        return "HAProxy of " + adminSocket;
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!map.toString().matches("[A-Za-z0-9._/@+-]+")) {
            problems.add("HAProxy's map cannot be called \"" + map + "\": take letters, digits and . _ @ + -");
        }
        if (!backend.matches("[A-Za-z0-9._:-]+")) {
            problems.add("a backend of HAProxy cannot be called \"" + backend + "\": take letters, digits and . _ : -");
        }
        return problems;
    }

    @Override
    public Traffic open(String application, Path home, Set<Capability> capabilities) {
        AdminSocket admin = new AdminSocket(adminSocket, time);
        if (!Files.exists(adminSocket)) {
            throw new InfrastructureException("there is no HAProxy at " + adminSocket
                    + ": start it, and have \"stats socket " + adminSocket + " level admin\" in its global section");
        }
        Version.refuseOld(admin.ask("show info"));
        new OwnProcess("haproxy", home, time).prepareHome();
        running(admin).refuseUnprepared();
        ProxyTraffic traffic = traffic(application, home, admin, capabilities);
        traffic.open(() -> false);
        return traffic;
    }

    @Override
    public Optional<Traffic> find(String application, Path home, Set<Capability> capabilities) {
        if (Files.notExists(map.resolveSibling("."))) {
            return Optional.empty();
        }
        ProxyTraffic traffic = traffic(application, home, new AdminSocket(adminSocket, time), capabilities);
        return traffic.isOpen() ? Optional.of(traffic) : Optional.empty();
    }

    private RunningHaproxy running(AdminSocket admin) {
        return new RunningHaproxy(admin, map, backend, time, Runnable::run);
    }

    private ProxyTraffic traffic(String application, Path home, AdminSocket admin, Set<Capability> capabilities) {
        return new ProxyTraffic(application, running(admin), map, home, address, capabilities, time);
    }
}
