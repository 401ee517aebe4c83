package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.proxy.Page;
import dev.nonevent.pipeline.bluegreen.proxy.Side;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What HAProxy counts for each server of the backend, made into what each deployment answered. HAProxy's numbers begin anew
 * with each of its processes; ours go on, and lack only what it answered between our last look and its end.
 */
final class Stats {

    private static final String PROCESS = "process";
    /** The kind of lines that tell of servers. */
    private static final String SERVERS = "4";
    /** Columns of the servers' state. */
    private static final int NAME = 3;

    private static final int ADDRESS = 4;
    private static final int ADMIN_STATE = 6;
    private static final int PORT = 18;

    private final AdminSocket admin;
    private final String backend;
    private final TimeSource time;

    Stats(AdminSocket admin, String backend, TimeSource time) {
        this.admin = admin;
        this.backend = backend;
        this.time = time;
    }

    /** A server's numbers. */
    private record Row(long begun, long requests, long failed, long inFlight) {}

    String backend() {
        return backend;
    }

    long inFlight(String server) {
        return row(rows(), server).inFlight();
    }

    /**
     * The servers of the sides go where the route says only while they have no address of their own; and HAProxy passes over
     * one that is in maintenance, so that its requests are counted for another.
     */
    void refuseSetServers(List<Side> served) {
        String shown = admin.ask("show servers state " + backend);
        for (Side side : served) {
            boolean right = shown.lines()
                    .map(line -> List.of(line.split(" ", -1)))
                    .anyMatch(words -> words.size() > PORT
                            && words.get(NAME).equals(side.name())
                            && words.get(ADDRESS).equals("0.0.0.0")
                            && words.get(ADMIN_STATE).equals("0")
                            && words.get(PORT).equals("0"));
            if (!right) {
                throw new TrafficUnknownException("somebody has set HAProxy's server " + backend + "/" + side.name()
                        + " to an address or a state of its own, so nobody knows where traffic is: reload HAProxy,"
                        + " which takes that back");
            }
        }
    }

    /** What was answered before the first look of all belongs to nobody we know. */
    Page count(Page page, List<Side> sides) {
        long process = process();
        boolean first = page.mark(PROCESS).isEmpty();
        boolean same = page.mark(PROCESS).equals(Optional.of(process));
        Map<String, Row> rows = rows();
        Page counted = page.marked(PROCESS, process);
        for (Map.Entry<String, Row> each : rows.entrySet()) {
            Row row = each.getValue();
            Row before = same ? marked(page, each.getKey(), row) : new Row(0, 0, 0, 0);
            // The two numbers it is made of are not read at once, so it may step back by one or two for a moment.
            long requests = Math.max(before.requests(), row.requests());
            if (!first) {
                long failed = Math.min(requests - before.requests(), row.failed() - before.failed());
                counted = give(counted, each.getKey(), sides, requests - before.requests(), failed);
            }
            counted = counted.marked(each.getKey() + ".begun", row.begun())
                    .marked(each.getKey() + ".requests", requests)
                    .marked(each.getKey() + ".failed", row.failed());
        }
        return counted;
    }

    /** One of the numbers is less than before: somebody has cleared the counters, and they begin anew. */
    private static Row marked(Page page, String server, Row now) {
        long begun = page.mark(server + ".begun").orElse(0L);
        long failed = page.mark(server + ".failed").orElse(0L);
        return now.begun() < begun || now.failed() < failed
                ? new Row(0, 0, 0, 0)
                : new Row(begun, page.mark(server + ".requests").orElse(0L), failed, 0);
    }

    private Page give(Page page, String server, List<Side> sides, long requests, long failed) {
        return sides.stream()
                .filter(side -> side.name().equals(server))
                .findFirst()
                .map(side -> page.plus(side.target(), requests, failed, time.now()))
                .orElse(page);
    }

    /** Its pid and when it started, in one number: the next process has another one. */
    private long process() {
        Map<String, String> info = new HashMap<>();
        for (String line : admin.ask("show info").split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        try {
            return Long.parseLong(info.getOrDefault("Start_time_sec", "0")) * 10_000_000
                    + Long.parseLong(info.getOrDefault("Pid", ""));
        } catch (NumberFormatException e) {
            throw new TrafficUnknownException("HAProxy does not say which process it is", e);
        }
    }

    private static Row row(Map<String, Row> rows, String server) {
        Row row = rows.get(server);
        if (row == null) {
            throw new TrafficUnknownException("HAProxy has no server " + server
                    + " in the backend: its configuration lacks a part of what is to be in it");
        }
        return row;
    }

    private Map<String, Row> rows() {
        String[] lines =
                admin.ask("show stat " + backend + " " + SERVERS + " -1").split("\n", -1);
        List<String> names = List.of(lines[0].replaceFirst("^# ", "").split(",", -1));
        Map<String, Row> rows = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            List<String> values = List.of(lines[i].split(",", -1));
            if (values.size() == names.size() && values.get(0).equals(backend)) {
                rows.put(values.get(1), row(names, values));
            }
        }
        if (rows.isEmpty()) {
            throw new TrafficUnknownException(
                    "HAProxy has no backend " + backend + " with servers: its configuration lacks what is to be in it");
        }
        return rows;
    }

    /**
     * Of the failed ones HAProxy counts what the instance answered itself as {@code hrsp_5xx}, no connection as {@code econ}, no
     * answer or half an answer as {@code eresp}.
     */
    private static Row row(List<String> names, List<String> values) {
        List<Long> numbers = new ArrayList<>();
        for (String name : List.of("stot", "scur", "qcur", "hrsp_5xx", "econ", "eresp")) {
            int column = names.indexOf(name);
            String value = column < 0 ? "" : values.get(column);
            try {
                numbers.add(value.isEmpty() ? 0 : Long.parseLong(value));
            } catch (NumberFormatException e) {
                throw new TrafficUnknownException("HAProxy counts " + name + " as \"" + value + "\"", e);
            }
        }
        long current = numbers.get(1);
        return new Row(
                numbers.get(0),
                Math.max(0, numbers.get(0) - current),
                numbers.get(3) + numbers.get(4) + numbers.get(5),
                current + numbers.get(2));
    }
}
