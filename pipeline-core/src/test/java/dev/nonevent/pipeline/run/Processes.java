package dev.nonevent.pipeline.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Looks at processes that are not children of this one. */
final class Processes {

    private Processes() {}

    /** A zombie is dead: nobody has asked for its exit code yet, that is all. */
    static boolean isAlive(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        }
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException goneWhileReading) {
            return Files.exists(stat);
        }
    }
}
