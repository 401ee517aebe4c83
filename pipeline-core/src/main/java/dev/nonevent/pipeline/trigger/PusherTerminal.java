package dev.nonevent.pipeline.trigger;

import dev.nonevent.pipeline.text.OneLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.transport.ReceivePack;

/**
 * The screen of whoever pushes: git puts {@code remote: } before each line. Nobody there to read is no error. One thread
 * at a time.
 */
final class PusherTerminal implements Appendable {

    private static final int LONGEST = 300;

    private final OutputStream stream;

    PusherTerminal(ReceivePack pack) {
        this.stream = pack.getMessageOutputStream();
    }

    /** One line of a status: git cuts at a line end, and a terminal obeys control characters. */
    static String clean(String text) {
        return OneLine.blanked(text.strip(), LONGEST);
    }

    void line(String text) {
        append(clean(text) + "\n");
    }

    @Override
    public synchronized PusherTerminal append(CharSequence text) {
        try {
            stream.write(text.toString().getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException gone) {
            // The run goes on for whoever hung up, and its result is in the repository.
        }
        return this;
    }

    @Override
    public PusherTerminal append(CharSequence text, int start, int end) {
        return append(text.subSequence(start, end));
    }

    @Override
    public PusherTerminal append(char character) {
        return append(String.valueOf(character));
    }
}
