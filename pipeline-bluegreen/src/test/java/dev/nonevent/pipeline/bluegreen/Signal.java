package dev.nonevent.pipeline.bluegreen;

import java.io.IOException;

/** What {@code kill} sends. */
final class Signal {

    private Signal() {}

    static void send(String name, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " " + pid + " has ended with " + code);
        }
    }
}
