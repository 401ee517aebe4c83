package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.proxy.ProxyTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nginx somebody has: it is tested and reloaded, never started and never ended here. */
record Attached(
        Path include, Path log, URI address, List<String> test, List<String> reload, String prefix, TimeSource time)
        implements NginxSwitcher.Kind {

    private static final String CHECK_PORT = "check.port";

    static Attached of(Path include, Path log, URI address, TimeSource time) {
        return new Attached(
                include, log, address, List.of("nginx", "-t"), List.of("nginx", "-s", "reload"), "nonevent", time);
    }

    Attached commands(List<String> toTest, List<String> toReload) {
        return new Attached(include, log, address, List.copyOf(toTest), List.copyOf(toReload), prefix, time);
    }

    Attached names(String begin) {
        return new Attached(include, log, address, test, reload, begin, time);
    }

    @Override
    public String description() {
        return "nginx that includes " + include;
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!prefix.matches("[a-z][a-z0-9]{0,30}")) {
            problems.add("names in nginx's configuration cannot begin with \"" + prefix
                    + "\": take small letters and digits");
        }
        if (test.isEmpty() || reload.isEmpty()) {
            problems.add("nginx needs a command for its test and one for its reload: nginx -t and nginx -s reload");
        }
        return problems;
    }

    @Override
    public Traffic open(String application, Path home, Set<Capability> capabilities) throws InterruptedException {
        OwnProcess place = new OwnProcess("nginx", home, time);
        place.prepareHome();
        return place.alone(() -> {
            ProxyTraffic traffic = traffic(application, place, place.port(CHECK_PORT, 0), capabilities);
            traffic.open(() -> false);
            return traffic;
        });
    }

    @Override
    public Optional<Traffic> find(String application, Path home, Set<Capability> capabilities) {
        OwnProcess place = new OwnProcess("nginx", home, time);
        if (Files.notExists(include.resolveSibling("."))) {
            return Optional.empty();
        }
        // without its port nothing is asked, so that it is not taken for one that sends nobody anywhere
        int checkPort = place.keptPort(CHECK_PORT).orElse(0);
        ProxyTraffic traffic = traffic(application, place, checkPort, capabilities);
        return traffic.isOpen() ? Optional.of(traffic) : Optional.empty();
    }

    private ProxyTraffic traffic(String application, OwnProcess place, int checkPort, Set<Capability> capabilities) {
        Words words = new Words(prefix, checkPort);
        RunningNginx.Commands commands = new RunningNginx.Commands(place.home(), program(test), program(reload));
        RunningNginx nginx = new RunningNginx(words, log, commands, time, RunningNginx.Work::run);
        return new ProxyTraffic(application, nginx, include, place.home(), address, capabilities, time);
    }

    /** Servers are seldom on the PATH of a user. */
    private static List<String> program(List<String> argv) {
        List<String> found = new ArrayList<>(argv);
        if (argv.get(0).equals("nginx")) {
            found.set(0, OwnProcess.program("nginx").toString());
        }
        return found;
    }
}
