package dev.nonevent.pipeline.bluegreen.router.daemon;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the daemon is started with; written and read by us alone. */
public record DaemonOptions(int port, String bind, Path home, String application) {

    static DaemonOptions parse(String[] args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            values.put(args[i], args[i + 1]);
        }
        return new DaemonOptions(
                Integer.parseInt(value(values, "--port")),
                value(values, "--bind"),
                Path.of(value(values, "--home")),
                value(values, "--app"));
    }

    List<String> arguments() {
        return List.of(
                "--port", Integer.toString(port), "--bind", bind, "--home", home.toString(), "--app", application);
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "the router is started with --port, --bind, --home and --app; " + name + " is missing");
        }
        return value;
    }
}
