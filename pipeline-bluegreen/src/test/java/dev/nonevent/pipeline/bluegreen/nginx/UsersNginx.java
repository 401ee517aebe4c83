package dev.nonevent.pipeline.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.proxy.Documentation;
import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.router.Awaited;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody's nginx, set up as docs/nginx.md says: only its paths and its port are others. */
final class UsersNginx implements AutoCloseable {

    final Path include;
    final Path log;
    final URI address;
    private final Path directory;
    private Process process;

    UsersNginx(Path directory) throws Exception {
        this.directory = directory;
        this.include = Files.createDirectories(directory.resolve("nonevent")).resolve("shop.conf");
        this.log = directory.resolve("requests.log");
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.address = URI.create("http://127.0.0.1:" + probe.getLocalPort());
        }
        Files.writeString(
                include, Documentation.fences("nginx.md", "nginx-fresh").get(0));
        String snippet = Documentation.fences("nginx.md", "nginx").get(0);
        Files.writeString(
                directory.resolve("nginx.conf"),
                "daemon off;\nworker_processes 2;\npid nginx.pid;\nuser " + System.getProperty("user.name")
                        + ";\nevents {}\n"
                        + snippet.replace("/etc/nginx/nonevent/shop.conf", include.toString())
                                .replace("/var/log/nginx/nonevent-shop.log", log.toString())
                                .replace("listen 80;", "listen 127.0.0.1:" + address.getPort() + ";")
                                .replace("http {", "http {\n    access_log off;\n" + temporary()));
        start();
    }

    NginxSwitcher switcher() {
        return NginxSwitcher.attachedTo(include, log, address).commands(argv("-t"), argv("-s", "reload"));
    }

    void start() throws Exception {
        process = new ProcessBuilder(argv())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.out").toFile())
                .start();
        Awaited.that(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "nginx did not start: " + Files.readString(directory.resolve("nginx.out")));
            }
            assertThat(answers()).isTrue();
        });
    }

    void stop() throws InterruptedException {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        process.waitFor();
        workers.forEach(
                worker -> worker.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    /** Its listening processes. */
    List<ProcessHandle> workers() {
        return process.children().toList();
    }

    private boolean answers() {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String temporary() {
        StringBuilder paths = new StringBuilder();
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            paths.append("    ")
                    .append(kind)
                    .append("_temp_path tmp-")
                    .append(kind)
                    .append(";\n");
        }
        return paths.toString();
    }

    private List<String> argv(String... more) {
        List<String> argv = new ArrayList<>(List.of(
                OwnProcess.program("nginx").toString(),
                "-p",
                directory.toString(),
                "-c",
                directory.resolve("nginx.conf").toString(),
                "-e",
                directory.resolve("error.log").toString()));
        argv.addAll(List.of(more));
        return argv;
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
