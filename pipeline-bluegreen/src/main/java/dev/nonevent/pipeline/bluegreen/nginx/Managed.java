package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.proxy.ProxyTraffic;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An nginx of the application's own, in its home. */
record Managed(int port, TimeSource time) implements NginxSwitcher.Kind {

    private static final int HIGHEST_PORT = 65_535;
    private static final String NAME = "nonevent";

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
        process.refuseOtherPort(port);
        ProxyTraffic traffic = traffic(application, process, capabilities);
        traffic.open(() -> started(process));
        return traffic;
    }

    @Override
    public Optional<Traffic> find(String application, Path home, Set<Capability> capabilities) {
        OwnProcess process = new OwnProcess("nginx", home, time);
        return Files.exists(home.resolve("nginx.process")) && answers(process)
                ? Optional.of(traffic(application, process, capabilities))
                : Optional.empty();
    }

    private ProxyTraffic traffic(String application, OwnProcess process, Set<Capability> capabilities) {
        Path home = process.home();
        RunningNginx.Commands commands =
                new RunningNginx.Commands(home, argv(home, "-t", "-q"), argv(home, "-s", "reload"));
        RunningNginx nginx = new RunningNginx(
                new Words(NAME, checkPort(process)),
                home.resolve("requests.log"),
                commands,
                time,
                obey -> process.stop());
        URI address = URI.create("http://127.0.0.1:" + process.port(port));
        return new ProxyTraffic(application, nginx, home.resolve("route.conf"), home, address, capabilities, time);
    }

    /** True if it was started now. */
    private boolean started(OwnProcess process) throws InterruptedException {
        if (answers(process)) {
            return false;
        }
        Path configuration = process.home().resolve("nginx.conf");
        try {
            Files.createDirectories(process.home().resolve("tmp"));
            Files.writeString(configuration, configuration(process));
        } catch (IOException e) {
            throw new InfrastructureException("nginx's configuration " + configuration + " cannot be written", e);
        }
        process.start(argv(process.home()), () -> answers(process));
        return true;
    }

    private static boolean answers(OwnProcess process) {
        return new Check(checkPort(process)).ask().isPresent();
    }

    private static int checkPort(OwnProcess process) {
        return process.port("check.port", 0);
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
