package dev.nonevent.pipeline.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.proxy.Documentation;
import dev.nonevent.pipeline.bluegreen.proxy.OwnProcess;
import dev.nonevent.pipeline.bluegreen.router.Awaited;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody's HAProxy, set up as docs/haproxy.md says: only its paths and its port are others. */
final class UsersHaproxy implements AutoCloseable {

    final Path directory;
    final Path adminSocket;
    final Path map;
    final URI address;
    private Process process;

    UsersHaproxy(Path directory) throws Exception {
        this.directory = directory;
        this.adminSocket = directory.resolve("admin.sock");
        this.map = Files.createDirectories(directory.resolve("shop")).resolve("route.map");
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.address = URI.create("http://127.0.0.1:" + probe.getLocalPort());
        }
        Files.writeString(map, "");
        String snippet = Documentation.fences("haproxy.md", "haproxy").get(0);
        Files.writeString(
                directory.resolve("haproxy.cfg"),
                snippet.replace("/run/haproxy/admin.sock", adminSocket.toString())
                        .replace("/etc/haproxy/shop/route.map", map.toString())
                        .replace("bind :80", "bind 127.0.0.1:" + address.getPort()));
        start();
    }

    HaproxySwitcher switcher() {
        return HaproxySwitcher.attachedTo(adminSocket, map, address);
    }

    /** As systemd does it: a master with a worker, which a reload replaces. */
    void start() throws Exception {
        process = new ProcessBuilder(
                        OwnProcess.program("haproxy").toString(),
                        "-W",
                        "-db",
                        "-f",
                        directory.resolve("haproxy.cfg").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("haproxy.out").toFile())
                .start();
        await();
    }

    void kill() throws InterruptedException {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroyForcibly().waitFor();
        workers.forEach(ProcessHandle::destroyForcibly);
    }

    /** Returns when the worker of before is gone. */
    void reload() throws Exception {
        List<ProcessHandle> workers = process.descendants().toList();
        int code = new ProcessBuilder("kill", "-USR2", String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill exited " + code);
        }
        for (ProcessHandle worker : workers) {
            worker.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        await();
    }

    private void await() throws Exception {
        AdminSocket admin = new AdminSocket(adminSocket, dev.nonevent.pipeline.time.TimeSource.system());
        Awaited.that(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("HAProxy did not start: look into " + directory.resolve("haproxy.out"));
            }
            assertThat(admin.answers()).isTrue();
        });
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
