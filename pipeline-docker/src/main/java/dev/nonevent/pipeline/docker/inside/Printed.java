package dev.nonevent.pipeline.docker.inside;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.nonevent.pipeline.docker.engine.LastLines;
import dev.nonevent.pipeline.executor.CommandOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command prints, on its way to whoever listens. One thread at a time. */
public final class Printed {

    private static final int LONGEST_COMPLAINT = 8192;

    private final CommandOutput output;
    private final boolean shell;
    private final LastLines lastLines = new LastLines();
    private final ByteArrayOutputStream complaint = new ByteArrayOutputStream();
    private boolean inALine;

    /** @param shell whether both outputs come as one, and the other holds only what kept the command from starting */
    public Printed(CommandOutput output, boolean shell) {
        this.output = output;
        this.shell = shell;
    }

    /** Whether it holds words of the shell around the command, and none of its own. */
    public boolean isComplaint(Frame frame) {
        return shell && frame.getStreamType() == StreamType.STDERR;
    }

    public void complain(byte[] bytes) {
        if (complaint.size() < LONGEST_COMPLAINT) {
            complaint.writeBytes(bytes);
        }
    }

    public void say(byte[] bytes) {
        if (bytes.length > 0) {
            inALine = bytes[bytes.length - 1] != '\n';
            lastLines.write(bytes);
            output.write(bytes);
        }
    }

    /** A line of our own. */
    public void note(String line) {
        say(((inALine ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public void sayComplaint() {
        say(complaint.toByteArray());
    }

    public String complaint() {
        return complaint.toString(StandardCharsets.UTF_8).strip();
    }

    public List<String> lastLines() {
        return lastLines.toList();
    }
}
