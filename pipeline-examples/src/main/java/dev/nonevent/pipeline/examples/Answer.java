package dev.nonevent.pipeline.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a program of this machine printed, and how it ended. */
record Answer(int exitCode, String text) {

    /** @throws IOException if there is no such program */
    static Answer of(String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text.strip());
    }

    boolean succeeded() {
        return exitCode == 0;
    }

    String lastLine() {
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
