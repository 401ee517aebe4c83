package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.proxy.Layout;
import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.proxy.ProxyTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** An HAProxy of the application's own, in its home. */
record Managed(int port, TimeSource time) implements HaproxySwitcher.Kind {

    private static final int HIGHEST_PORT = 65_535;
    /** A socket's name has 107 bytes, and HAProxy makes it under a longer one first. */
    private static final int LONGEST_SOCKET = 90;

    @Override
    public String description() {
        return "HAProxy on " + (port == 0 ? "any free port" : "port " + port);
    }

    @Override
    public List<String> problems() {
        return port >= 0 && port <= HIGHEST_PORT
                ? List.of()
                : List.of(
                        "port " + port + " is no port: take one from 1 to " + HIGHEST_PORT + ", or 0 for any free one");
    }

    @Override
    public Traffic open(String application, Path home, Set<Capability> capabilities) throws InterruptedException {
        OwnProcess process = new OwnProcess("haproxy", home, time);
        process.prepareHome();
        refuseLongOrOdd(process.home());
        AdminSocket admin = new AdminSocket(socket(process), time);
        return process.alone(() -> {
            process.refuseOtherPort(port, admin::answers);
            ProxyTraffic traffic = traffic(application, process, process.port(port), admin, capabilities);
            traffic.open(() -> started(process, admin));
            Version.refuseOld(admin.ask("show info"));
            return traffic;
        });
    }

    @Override
    public Optional<Traffic> find(String application, Path home, Set<Capability> capabilities) {
        OwnProcess process = new OwnProcess("haproxy", home, time);
        AdminSocket admin = new AdminSocket(socket(process), time);
        OptionalInt kept = process.keptPort();
        if (kept.isEmpty() || !admin.answers()) {
            process.refuseSilent();
            return Optional.empty();
        }
        return Optional.of(traffic(application, process, kept.getAsInt(), admin, capabilities));
    }

    private ProxyTraffic traffic(
            String application, OwnProcess process, int users, AdminSocket admin, Set<Capability> capabilities) {
        Path map = process.home().resolve("route.map");
        RunningHaproxy haproxy = new RunningHaproxy(admin, map, "nonevent", time, obey -> stopped(process, admin));
        URI address = URI.create("http://127.0.0.1:" + users);
        return new ProxyTraffic(application, haproxy, map, process.home(), address, capabilities, time);
    }

    /** True if it was started now. */
    private boolean started(OwnProcess process, AdminSocket admin) throws InterruptedException {
        if (process.isUp(admin::answers)) {
            return false;
        }
        Path configuration = process.home().resolve("haproxy.cfg");
        try {
            Files.writeString(configuration, configuration(process));
        } catch (IOException e) {
            throw new InfrastructureException("HAProxy's configuration " + configuration + " cannot be written", e);
        }
        String program = OwnProcess.program("haproxy").toString();
        process.start(List.of(program, "-db", "-f", configuration.toString()), admin::answers);
        return true;
    }

    private static void stopped(OwnProcess process, AdminSocket admin) {
        process.stop();
        if (admin.answers()) {
            throw new TrafficUnknownException("HAProxy of " + process.home()
                    + " was told to end, and somebody still answers at its socket: end that process");
        }
    }

    private static Path socket(OwnProcess process) {
        return process.home().resolve("admin.sock");
    }

    private static void refuseLongOrOdd(Path home) {
        if (!home.toString().matches("[A-Za-z0-9._/@+-]+")
                || home.resolve("admin.sock").toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            throw new InfrastructureException("HAProxy cannot work in " + home
                    + ": give it a home whose path has at most 79 letters, digits and . _ @ + -");
        }
    }

    private String configuration(OwnProcess process) {
        String servers = Layout.NAMES.stream()
                .map(name -> "    server " + name + " 0.0.0.0:0\n")
                .collect(Collectors.joining());
        return """
                global
                    stats socket %1$s/admin.sock mode 600 level admin

                defaults
                    mode http
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                    timeout http-request 30s
                    timeout tunnel 1h
                    option forwardfor

                frontend users
                    bind 127.0.0.1:%2$d
                    http-request set-var(txn.route) str(route),map(%1$s/route.map)
                    http-request return status 503 content-type text/plain string "nobody is here yet" unless { var(txn.route),field(1,|) -m str open }
                    http-request set-var(txn.percent) var(txn.route),field(2,|)
                    http-request set-var(txn.side) var(txn.route),field(3,|)
                    http-request set-var(txn.side) var(txn.route),field(4,|) if { rand(100),sub(txn.percent) lt 0 }
                    use_backend nonevent

                backend nonevent
                    retries 0
                    no option redispatch
                    http-request set-dst var(txn.side),field(2,/)
                    http-request set-dst-port var(txn.side),field(3,/)
                    use-server %%[var(txn.side),field(1,/)] if TRUE
                %3$s""".formatted(process.home(), process.port(port), servers);
    }
}
