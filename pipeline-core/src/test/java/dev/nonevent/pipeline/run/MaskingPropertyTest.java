package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Masking;
import dev.nonevent.pipeline.secret.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random secrets, told in a random form between texts that are none, cut at random, into every kind of sink: what comes
 * out is known beforehand, letter by letter. Forms are written here by the JDK or by hand. A failure names its seed;
 * {@code -Dproofs=whole} takes two hundred times as many.
 */
@Timeout(600)
class MaskingPropertyTest {

    private static final int CASES = "whole".equals(System.getProperty("proofs")) ? 30_000 : 150;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String WILD = "abcXYZ019 '\"\\$&<>/+=%-_.~!*();|?#éü€\u0001\t";
    /** In no secret and no encoding of one. */
    private static final List<String> NOISE = List.of("·", "«»", " · \n", "\n", "日本", "· · ·", "…\r\n");

    @TempDir
    Path directory;

    private record Case(Masking masking, String told, String expected) {}

    @Test
    void whateverIsToldInWhateverPiecesTheLogAndItsHearersGetItMasked() throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Case drawn = draw(random);
            Path file = directory.resolve("log");
            Files.deleteIfExists(file);
            List<String> lines = new ArrayList<>();

            try (StageLog log = new StageLog(file, new Redaction(drawn.masking()), lines::add)) {
                try (StageLog.Printer printer = log.printer()) {
                    print(drawn.told().getBytes(StandardCharsets.UTF_8), printer, random);
                }
            }

            assertThat(Files.readString(file)).as("seed %d", seed).isEqualTo(drawn.expected());
            assertThat(lines).as("seed %d", seed).containsExactlyElementsOf(Arrays.asList(linesOf(drawn.expected())));
        }
    }

    @Test
    void whateverIsToldInWordsIsMasked() {
        for (int seed = 0; seed < CASES; seed++) {
            Case drawn = draw(new Random(seed));
            Redaction redaction = new Redaction(drawn.masking());
            String expected = drawn.expected();

            assertThat(redaction.text(drawn.told())).as("seed %d", seed).isEqualTo(expected);
            IllegalStateException thrown = new IllegalStateException("outer", new IOException(drawn.told()));
            thrown.addSuppressed(new IllegalArgumentException(drawn.told()));
            Outcome outcome = redaction.outcome(
                    new Outcome.Failed(new Failure(drawn.told(), List.of("detail", drawn.told()), thrown)));
            Failure failure = outcome.failed().orElseThrow();
            assertThat(failure.sentence()).as("seed %d", seed).isEqualTo(expected);
            assertThat(failure.details()).as("seed %d", seed).containsExactly("detail", expected);
            StringWriter trace = new StringWriter();
            failure.cause().orElseThrow().printStackTrace(new PrintWriter(trace, true));
            assertThat(trace.toString())
                    .as("seed %d", seed)
                    .contains("java.io.IOException: " + expected)
                    .contains("IllegalArgumentException: " + expected);
        }
    }

    @Test
    void whateverIsToldIsALeakAtItsPlace() {
        for (int seed = 0; seed < CASES; seed++) {
            Case drawn = draw(new Random(seed));
            int before = drawn.expected().indexOf("***");
            int offset = drawn.told().substring(0, before).getBytes(StandardCharsets.UTF_8).length;

            assertThat(drawn.masking().leakIn(drawn.told()))
                    .as("seed %d", seed)
                    .hasValueSatisfying(leak -> assertThat(leak.offset()).isEqualTo(offset));
            assertThat(drawn.masking().leakIn(drawn.expected()))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    private static Case draw(Random random) {
        Map<Secret, String> values = new LinkedHashMap<>();
        StringBuilder told = new StringBuilder(pick(random, NOISE));
        StringBuilder expected = new StringBuilder(told);
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            Secret secret = new Secret("s" + i);
            String core = "k" + letters(random, WILD, 8 + random.nextInt(30)) + letters(random, LETTERS, 6);
            values.put(secret, around(core, random));
            String noise = pick(random, NOISE);
            told.append(form(core, random)).append(noise);
            expected.append(secret).append(noise);
        }
        return new Case(Masking.of(values), told.toString(), expected.toString());
    }

    /** A secret of which the core is told: itself, a line, or a leaf. */
    private static String around(String core, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "{\"user\": \"ci\", \"keys\": [\"" + json(core) + "\"]}";
            case 1 -> "# access\nuser=ci\npassword = '" + core + "'\n";
            case 2 -> "  " + core + "\n";
            default -> core;
        };
    }

    private static String form(String core, Random random) {
        byte[] bytes = core.getBytes(StandardCharsets.UTF_8);
        String url = URLEncoder.encode(core, StandardCharsets.UTF_8);
        String xml = core.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        String hex = HexFormat.of().formatHex(bytes);
        return switch (random.nextInt(14)) {
            case 0 -> url;
            case 1 -> url.replace("+", "%20");
            case 2 -> lowerCaseEscapes(url);
            case 3 -> hex;
            case 4 -> hex.toUpperCase(Locale.ROOT);
            case 5 -> core.replace("'", "'\\''");
            case 6 -> core.replace("$", "$$");
            case 7 -> json(core);
            case 8 -> xml;
            case 9 -> xml.replace("\"", "&quot;").replace("'", "&#39;");
            case 10 -> Base64.getEncoder().encodeToString(bytes);
            case 11 -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            case 12 -> insideBase64(bytes, random);
            default -> core;
        };
    }

    /** What of it is the same whatever else is encoded with it, at one of the three alignments. */
    private static String insideBase64(byte[] bytes, Random random) {
        int before = random.nextInt(3);
        byte[] all = new byte[before + bytes.length + 3];
        random.nextBytes(all);
        System.arraycopy(bytes, 0, all, before, bytes.length);
        String encoded = Base64.getEncoder().encodeToString(all);
        return encoded.substring((before * 8 + 5) / 6, (before + bytes.length) * 8 / 6);
    }

    private static String json(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\t", "\\t")
                .replace("\u0001", "\\u0001");
    }

    private static String lowerCaseEscapes(String url) {
        StringBuilder lower = new StringBuilder(url);
        for (int at = lower.indexOf("%"); at >= 0; at = lower.indexOf("%", at + 1)) {
            lower.replace(at, at + 3, lower.substring(at, at + 3).toLowerCase(Locale.ROOT));
        }
        return lower.toString();
    }

    private static void print(byte[] bytes, StageLog.Printer printer, Random random) {
        int most = 1 + random.nextInt(40);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + random.nextInt(most + 1));
            printer.write(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
    }

    private static String[] linesOf(String text) {
        String whole = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return Arrays.stream(whole.split("\n", -1))
                .map(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
                .toArray(String[]::new);
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String letters(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
