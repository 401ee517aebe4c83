package dev.nonevent.pipeline.docker.inside;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last word of an output, which nobody else can say: an output that ends with it is complete. It is taken out of
 * what is passed on, with the numbers behind it. One thread at a time writes; any may ask.
 */
public final class EndMark {

    private static final int LONGEST_BEHIND = 64;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final byte[] mark;
    private final Consumer<byte[]> passed;
    private byte[] held = new byte[0];
    private volatile boolean seen;
    private volatile boolean whole;
    private String behind = "";

    public EndMark(Consumer<byte[]> passed) {
        this("\001end-" + UUID.randomUUID(), passed);
    }

    private EndMark(String word, Consumer<byte[]> passed) {
        this.mark = word.getBytes(StandardCharsets.US_ASCII);
        this.passed = passed;
    }

    /** The same mark, on another output. */
    public EndMark on(Consumer<byte[]> other) {
        return new EndMark(word(), other);
    }

    /** Printed with a number, perhaps a word, and a line break behind it. */
    public String word() {
        return new String(mark, StandardCharsets.US_ASCII);
    }

    public boolean wasSeen() {
        return seen;
    }

    /** Whether it was seen with all that belongs to it. */
    public boolean isWhole() {
        return whole;
    }

    /** The first number behind it; 0 if there was none. Asked when the output has ended. */
    public long number() {
        return number(0);
    }

    /** One of the numbers behind it, counted from 0; 0 if there was none. Asked when the output has ended. */
    public long number(int place) {
        String[] words = words();
        return place < words.length && NUMBER.matcher(words[place]).matches() ? Long.parseLong(words[place]) : 0;
    }

    /** Whether there was a word behind the numbers. */
    public boolean hasRemark() {
        String[] words = words();
        return !NUMBER.matcher(words[words.length - 1]).matches() && !words[0].isEmpty();
    }

    private String[] words() {
        return behind.strip().split(" ");
    }

    /** Passes on what is certainly not the mark; holds back what may become it. */
    public void write(byte[] bytes) {
        if (seen) {
            behind(bytes, 0);
            return;
        }
        byte[] all = held.length == 0 ? bytes : joined(held, bytes);
        for (int at = 0; at < all.length; at++) {
            if (all[at] == mark[0]) {
                int length = Math.min(mark.length, all.length - at);
                if (Arrays.equals(all, at, at + length, mark, 0, length)) {
                    hold(all, at, length == mark.length);
                    return;
                }
            }
        }
        held = new byte[0];
        passed.accept(all);
    }

    /** Nothing more comes: what was held back is no mark. */
    public void end() {
        if (held.length > 0) {
            passed.accept(held);
            held = new byte[0];
        }
    }

    private void hold(byte[] all, int at, boolean whole) {
        held = whole ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
        if (whole) {
            behind(all, at + mark.length);
            seen = true;
        }
        if (at > 0) {
            passed.accept(Arrays.copyOf(all, at));
        }
    }

    private void behind(byte[] bytes, int from) {
        if (behind.length() < LONGEST_BEHIND) {
            behind += new String(bytes, from, bytes.length - from, StandardCharsets.US_ASCII);
            whole = behind.indexOf('\n') >= 0;
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
