package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.proxy.ProxyTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An nginx of the application's own, in its home. */
record Managed(int port, TimeSource time) implements NginxSwitcher.Kind {

    private static final int HIGHEST_PORT = 65_535;
    private static final String NAME = "nonevent";
    private static final String CHECK_PORT = "check.port";

    @Override
    public String description() {
        return "nginx on " + (port == 0 ? "any free port" : "port " + port);
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
        OwnProcess process = new OwnProcess("nginx", home, time);
        process.prepareHome();
        if (!process.home().toString().matches("[A-Za-z0-9._/@+-]+")) {
            throw new InfrastructureException("nginx cannot work in " + process.home()
                    + ": give it a home whose path has only letters, digits and . _ @ + -");
        }
        return process.alone(() -> {
            Check check = new Check(process.port(CHECK_PORT, 0));
            process.refuseOtherPort(port, check::answers);
            ProxyTraffic traffic = traffic(application, process, process.port(port), check, capabilities);
            traffic.open(() -> started(process, check));
            return traffic;
        });
    }

    @Override
    public Optional<Traffic> find(String application, Path home, Set<Capability> capabilities) {
        OwnProcess process = new OwnProcess("nginx", home, time);
        OptionalInt users = process.keptPort();
        OptionalInt checks = process.keptPort(CHECK_PORT);
        if (users.isPresent() && checks.isPresent()) {
            Check check = new Check(checks.getAsInt());
            if (check.answers()) {
                return Optional.of(traffic(application, process, users.getAsInt(), check, capabilities));
            }
        }
        process.refuseSilent();
        return Optional.empty();
    }

    private ProxyTraffic traffic(
            String application, OwnProcess process, int users, Check check, Set<Capability> capabilities) {
        Path home = process.home();
        RunningNginx.Commands commands =
                new RunningNginx.Commands(home, argv(home, "-t", "-q"), argv(home, "-s", "reload"));
        RunningNginx nginx = new RunningNginx(
                new Words(NAME, check.port()),
                home.resolve("requests.log"),
                commands,
                time,
                obey -> stopped(process, check));
        URI address = URI.create("http://127.0.0.1:" + users);
        return new ProxyTraffic(application, nginx, home.resolve("route.conf"), home, address, capabilities, time);
    }

    /** True if it was started now. */
    private boolean started(OwnProcess process, Check check) throws InterruptedException {
        if (process.isUp(check::answers)) {
            return false;
        }
        Path configuration = process.home().resolve("nginx.conf");
        try {
            Files.createDirectories(process.home().resolve("tmp"));
            Files.writeString(configuration, configuration(process));
        } catch (IOException e) {
            throw new InfrastructureException("nginx's configuration " + configuration + " cannot be written", e);
        }
        process.start(argv(process.home()), check::answers);
        return true;
    }

    private static void stopped(OwnProcess process, Check check) {
        process.stop();
        check.ask().ifPresent(answer -> {
            throw new TrafficUnknownException("nginx of " + process.home()
                    + " was told to end, and its worker " + answer.worker()
                    + " still answers: end that one and its master");
        });
    }

    private static List<String> argv(Path home, String... more) {
        List<String> argv = new ArrayList<>(List.of(
                OwnProcess.program("nginx").toString(),
                "-p",
                home.toString(),
                "-c",
                home.resolve("nginx.conf").toString(),
                "-e",
                home.resolve("error.log").toString()));
        argv.addAll(List.of(more));
        return argv;
    }

    private String configuration(OwnProcess process) {
        return """
                %3$s
                daemon off;
                worker_processes auto;
                pid nginx.pid;
                events {
                    worker_connections 4096;
                }
                http {
                    access_log off;
                    client_body_temp_path tmp/body;
                    proxy_temp_path tmp/proxy;
                    fastcgi_temp_path tmp/fastcgi;
                    uwsgi_temp_path tmp/uwsgi;
                    scgi_temp_path tmp/scgi;
                    include route.conf;
                    map $http_upgrade $nonevent_connection {
                        default upgrade;
                        '' close;
                    }
                    server {
                        listen 127.0.0.1:%2$d;
                        client_max_body_size 0;
                        location / {
                            proxy_pass http://$nonevent_side;
                            proxy_http_version 1.1;
                            proxy_set_header Host $http_host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_set_header X-Forwarded-Proto $scheme;
                            proxy_set_header Upgrade $http_upgrade;
                            proxy_set_header Connection $nonevent_connection;
                            proxy_request_buffering off;
                            proxy_max_temp_file_size 0;
                            access_log %1$s/requests.log nonevent;
                        }
                    }
                }
                """.formatted(process.home(), process.port(port), user());
    }

    /** The workers stay who the deployer is, so that they can work in its private home; only root has to be told so. */
    private static String user() {
        return "root".equals(System.getProperty("user.name")) ? "user root;" : "";
    }
}
