package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.Endpoint;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes of one nginx. */
final class Workers {

    private final long master;

    private Workers(long master) {
        this.master = master;
    }

    /** Those of the master of this worker. */
    static Workers of(long worker) {
        long master = ProcessHandle.of(worker)
                .flatMap(ProcessHandle::parent)
                .map(ProcessHandle::pid)
                .orElse(1L);
        if (!title(master).startsWith("nginx: master process")) {
            throw new TrafficUnknownException("nginx's worker " + worker + " answers, and its master is gone or on"
                    + " another machine: end that worker and start nginx again");
        }
        return new Workers(master);
    }

    List<Long> all() {
        return ProcessHandle.of(master).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .filter(pid -> title(pid).startsWith("nginx: worker process"))
                .toList();
    }

    /** Those that a reload has told to finish what they have and go. */
    List<Long> leaving() {
        return all().stream().filter(Workers::isLeaving).toList();
    }

    long connectionsTo(Endpoint endpoint) {
        return all().stream()
                .mapToLong(pid -> Sockets.connectionsTo(pid, endpoint))
                .sum();
    }

    /** Whether a worker that was there before a reload takes no more connections. */
    static boolean hasLeft(long pid) {
        return title(pid).isEmpty() || (isLeaving(pid) && !Sockets.listens(pid));
    }

    static void end(long pid) {
        try {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        } catch (IllegalStateException | SecurityException e) {
            throw new TrafficUnknownException("nginx's worker " + pid + " cannot be ended", e);
        }
    }

    private static boolean isLeaving(long pid) {
        return title(pid).contains("shutting down");
    }

    /** What it calls itself; empty if it is gone. */
    private static String title(long pid) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
