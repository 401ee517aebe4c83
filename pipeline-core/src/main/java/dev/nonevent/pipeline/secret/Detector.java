package dev.nonevent.pipeline.secret;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Looks for the first secret in bytes; for one stream and one thread. */
final class Detector {

    private final Automaton automaton;
    private final Word.Weight least;
    private long position;
    private int state = Automaton.START;

    /** @param least what tells less is passed over */
    Detector(Automaton automaton, Word.Weight least) {
        this.automaton = automaton;
        this.least = least;
    }

    Optional<Leak> first(InputStream bytes) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int length = bytes.read(buffer); length >= 0; length = bytes.read(buffer)) {
            Optional<Leak> leak = next(buffer, length);
            if (leak.isPresent()) {
                return leak;
            }
        }
        return Optional.empty();
    }

    Optional<Leak> first(byte[] bytes) {
        return next(bytes, bytes.length);
    }

    private Optional<Leak> next(byte[] bytes, int length) {
        int at = state;
        for (int i = 0; i < length; i++) {
            at = automaton.next(at, bytes[i] & 0xff);
            if (automaton.tells(at, least)) {
                int pattern = automaton.match(at);
                return Optional.of(new Leak(automaton.secret(pattern), position + i + 1 - automaton.length(pattern)));
            }
        }
        state = at;
        position += length;
        return Optional.empty();
    }
}
