package dev.nonevent.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a log as the runner of GitHub Actions does, and remembers which commands it would carry out. */
final class WorkflowRunner {

    private static final Set<String> KNOWN = Set.of(
            "add-mask", "set-env", "set-output", "error", "warning", "group", "endgroup", "stop-commands", "add-path");

    final List<String> commands = new ArrayList<>();
    final List<String> text = new ArrayList<>();
    private String token = "";

    static WorkflowRunner reading(String log) {
        WorkflowRunner runner = new WorkflowRunner();
        log.lines().forEach(runner::read);
        return runner;
    }

    boolean isStopped() {
        return !token.isEmpty();
    }

    private void read(String line) {
        String start = line.stripLeading();
        int second = start.startsWith("::") ? start.indexOf("::", 2) : -1;
        int old = line.indexOf("##[");
        if (isStopped()) {
            if (start.equals("::" + token + "::")) {
                token = "";
            } else {
                text.add(line);
            }
        } else if (second >= 0 && KNOWN.contains(start.substring(2, second).split(" ", 2)[0])) {
            carryOut(start.substring(2, second).split(" ", 2)[0], start.substring(second + 2), start);
        } else if (old >= 0
                && line.indexOf(']', old) > 0
                && KNOWN.contains(
                        line.substring(old + 3, line.indexOf(']', old)).split(" ", 2)[0])) {
            commands.add(line);
        } else {
            text.add(line);
        }
    }

    private void carryOut(String name, String data, String line) {
        if (name.equals("stop-commands")) {
            token = data;
        } else {
            commands.add(line);
        }
    }
}
