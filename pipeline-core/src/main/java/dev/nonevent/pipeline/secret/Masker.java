package dev.nonevent.pipeline.secret;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Masks one stream of bytes, cut anywhere. What it gives back lags behind only while the end of what it was given may be
 * the start of a secret. Made by {@link Masking#stream()}; for one thread at a time.
 */
public final class Masker {

    private final Automaton automaton;
    /** What was given and not yet given back, from {@link #base} on; nothing of a match is kept. */
    private byte[] held = new byte[0];
    /** Positions count the bytes given since the start of the stream. */
    private long base;

    private long given;
    private long position;
    private int state = Automaton.START;
    private final Deque<Match> matches = new ArrayDeque<>();
    private boolean hasMasked;

    Masker(Automaton automaton) {
        this.automaton = automaton;
    }

    /** Bytes that a secret covers; the name is that of the match that starts first, of several the longest. */
    private record Match(long from, long to, int pattern) {}

    /** Takes the next bytes and gives back what is certain by now, masked. Either array is its receiver's to keep. */
    public byte[] write(byte[] bytes) {
        scan(bytes);
        long certain = position - automaton.depth(state);
        if (matches.isEmpty() && held.length == 0 && certain == position) {
            base = position;
            given = position;
            return bytes;
        }
        held = joined(held, bytes);
        return giveBack(certain);
    }

    /** Gives back what was held: the stream has ended. What is written after it is another stream. */
    public byte[] flush() {
        state = Automaton.START;
        return giveBack(position);
    }

    /**
     * Gives back what is held although it may still become a secret, if it is so little that it tells nothing of one:
     * less than half of the shortest form looked for. What follows is masked as if nothing had been given back.
     */
    public byte[] release() {
        boolean tellsNothing = 2 * automaton.depth(state) < automaton.shortest();
        return tellsNothing && matches.isEmpty() ? giveBack(position) : new byte[0];
    }

    boolean hasMasked() {
        return hasMasked;
    }

    private void scan(byte[] bytes) {
        int at = state;
        for (byte each : bytes) {
            at = automaton.next(at, each & 0xff);
            position++;
            int pattern = automaton.match(at);
            if (pattern >= 0) {
                add(new Match(position - automaton.length(pattern), position, pattern));
            }
        }
        state = at;
    }

    /** Joins it with all it overlaps, so that no rest of a longer or later secret stays readable. */
    private void add(Match found) {
        Match joined = found;
        while (!matches.isEmpty() && matches.getLast().to() > joined.from()) {
            Match before = matches.removeLast();
            joined = new Match(Math.min(before.from(), joined.from()), joined.to(), name(before, joined));
        }
        matches.addLast(joined);
    }

    private int name(Match before, Match now) {
        boolean nowIsFirst = now.from() < before.from();
        boolean nowIsLonger =
                now.from() == before.from() && automaton.length(now.pattern()) > automaton.length(before.pattern());
        return nowIsFirst || nowIsLonger ? now.pattern() : before.pattern();
    }

    /** A match to come starts at {@code certain} or later, so what ends before that stays as it is. */
    private byte[] giveBack(long certain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(held.length + 32);
        while (!matches.isEmpty() && matches.getFirst().to() <= certain) {
            Match match = matches.removeFirst();
            copy(out, match.from());
            out.writeBytes(automaton.replacement(match.pattern()));
            hasMasked = true;
            skip(match.to());
        }
        if (matches.isEmpty()) {
            copy(out, certain);
        } else {
            copy(out, Math.min(certain, matches.getFirst().from()));
            if (matches.getFirst().from() <= given) {
                skip(matches.getFirst().to());
            }
        }
        held = Arrays.copyOfRange(held, (int) (given - base), held.length);
        base = given;
        return out.toByteArray();
    }

    private void copy(ByteArrayOutputStream out, long to) {
        if (to > given) {
            out.write(held, (int) (given - base), (int) (to - given));
            given = to;
        }
    }

    private void skip(long to) {
        given = Math.max(given, to);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
