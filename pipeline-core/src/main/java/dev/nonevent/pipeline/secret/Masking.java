package dev.nonevent.pipeline.secret;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the values of secrets out of everything that is printed: compiled once, used by many streams.
 *
 * <pre>{@code
 * Masking masking = Masking.of(Map.of(new Secret("registry-token"), value));
 * masking.mask("login with hunter2!");   // login with ***registry-token***
 * Masker stream = masking.stream();      // one per stream of bytes
 * }</pre>
 *
 * <p>Found are a value itself, without surrounding blanks, with CRLF line ends, each of its lines (6 characters and more),
 * the text leaves of a value that is JSON or properties (4 and more); each of them as JSON, XML, URL and shell text; and
 * the value and its leaves in hexadecimal and in Base64, also in the middle of other encoded text. Matches that overlap
 * are masked as one, under the name of the leftmost, of several the longest. Not found is what was transformed
 * otherwise: reversed, hashed, compressed, encrypted, split, or encoded twice.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Masking {

    private static final int SHORTEST = 4;
    private static final int LONGEST = 32 * 1024;

    private final Automaton automaton;

    private Masking(Automaton automaton) {
        this.automaton = automaton;
    }

    /** Finds nothing. */
    public static Masking none() {
        return of(Map.of());
    }

    /**
     * Compiles the values.
     *
     * @throws IllegalArgumentException if a value has fewer than 4 characters besides blanks, which would mask half of
     *     what is printed, or more than 32 Ki; names the secret, not the value
     */
    public static Masking of(Map<Secret, String> values) {
        Map<String, Word> words = new LinkedHashMap<>();
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey((one, other) -> one.name().compareTo(other.name())))
                .forEach(entry -> {
                    require(entry.getKey(), entry.getValue());
                    Variants.of(entry.getValue(), entry.getKey())
                            .forEach(word -> words.merge(word.text(), word, Word::or));
                });
        return new Masking(Automaton.of(words.values()));
    }

    /** Whether there is anything to look for. */
    public boolean isEmpty() {
        return automaton.shortest() == 0;
    }

    /**
     * The first place that tells a secret. Unlike what is masked, that is a value of at least 6 bytes, or a line or leaf
     * of at least 8: what is shorter may be an ordinary word.
     *
     * @param bytes read to the first find or to its end, not closed
     */
    public Optional<Leak> leakIn(InputStream bytes) throws IOException {
        return new Detector(automaton, Word.Weight.PART).first(bytes);
    }

    /** As {@link #leakIn(InputStream)}; the offset counts bytes of UTF-8. */
    public Optional<Leak> leakIn(String text) {
        return new Detector(automaton, Word.Weight.PART).first(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret whose whole value, of at least 6 bytes, is in the text, as it is or encoded; empty if there is none. */
    public Optional<Secret> valueIn(String text) {
        return new Detector(automaton, Word.Weight.VALUE)
                .first(text.getBytes(StandardCharsets.UTF_8))
                .map(Leak::secret);
    }

    /** A new stream of bytes to mask. */
    public Masker stream() {
        return new Masker(automaton);
    }

    /** The text without any secret; a text without any is returned as it is. */
    public String mask(String text) {
        Masker masker = stream();
        ByteArrayOutputStream masked = new ByteArrayOutputStream();
        masked.writeBytes(masker.write(text.getBytes(StandardCharsets.UTF_8)));
        masked.writeBytes(masker.flush());
        return masker.hasMasked() ? masked.toString(StandardCharsets.UTF_8) : text;
    }

    /**
     * Whether this value can be masked, without compiling it.
     *
     * @throws IllegalArgumentException if not, as {@link #of}
     */
    public static void require(Secret secret, String value) {
        if (value.strip().length() < SHORTEST) {
            throw new IllegalArgumentException("secret \"" + secret.name() + "\": its value has fewer than " + SHORTEST
                    + " characters and cannot be kept out of the output; use a longer one");
        }
        if (value.length() > LONGEST) {
            throw new IllegalArgumentException("secret \"" + secret.name() + "\": its value is longer than " + LONGEST
                    + " characters; keep it in a file and make the file's key the secret");
        }
    }
}
