package dev.nonevent.pipeline.forge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this process, which no other process ever has: its boot, its pid namespace, its pid and its start. */
final class Keeper {

    private static final Path PROC = Path.of("/proc");

    private Keeper() {}

    static String self() {
        ProcessHandle self = ProcessHandle.current();
        try {
            String stat = Files.readString(PROC.resolve("self/stat"));
            // Field 22, in clock ticks since the boot: no change of the clock moves it.
            String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
            String boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            Path pids = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
            return boot + "/" + pids + "/" + self.pid() + "@" + started;
        } catch (IOException | RuntimeException noLinux) {
            return self.pid() + "@"
                    + self.info().startInstant().map(Object::toString).orElse("?");
        }
    }
}
