package dev.nonevent.pipeline.docker;

import java.nio.charset.StandardCharsets;

/** Counts a text in bytes that come in chunks cut anywhere, in memory of the text's own length. One thread writes at a time. */
final class Occurrences {

    private final String text;
    private final int wanted;
    private String rest = "";
    private int count;
    private volatile boolean found;

    Occurrences(String text, int wanted) {
        // Bytes as characters: a chunk may end in the middle of one.
        this.text = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        this.wanted = wanted;
    }

    void write(byte[] bytes) {
        String open = rest + new String(bytes, StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int at = open.indexOf(text); at >= 0; at = open.indexOf(text, from)) {
            from = at + text.length();
            count++;
        }
        rest = open.substring(Math.max(from, open.length() - text.length() + 1));
        found = count >= wanted;
    }

    /** Whether it has been there as often as wanted; for any thread. */
    boolean isFound() {
        return found;
    }
}
