package dev.nonevent.pipeline.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MaskingTest {

    private static final Secret TOKEN = new Secret("token");

    @Test
    void aSecretIsReplacedByItsName() {
        assertThat(masking("hunter2").mask("login with hunter2!")).isEqualTo("login with ***token***!");
    }

    @Test
    void aTextWithoutSecretsIsTheVeryOne() {
        String text = "nothing here, hunter1";

        assertThat(masking("hunter2").mask(text)).isSameAs(text);
        assertThat(Masking.none().mask(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({"xoxb-123,xoxoxb-123,xo***token***", "00f3c1,000f3c1,0***token***", "aaab,aaaaaab,aaa***token***"})
    void aMatchThatStartsInsideAFailedOneIsFound(String secret, String text, String expected) {
        assertThat(masking(secret).mask(text)).isEqualTo(expected);
    }

    @Test
    void aMatchInsideAFailedLongerOneIsFound() {
        Masking masking = Masking.of(Map.of(new Secret("long"), "secretlong", new Secret("short"), "cret"));

        assertThat(masking.mask("a secretlonely b")).isEqualTo("a se***short***lonely b");
        assertThat(masking.mask("a secretlong b")).isEqualTo("a ***long*** b");
    }

    @Test
    void ofSecretsThatOverlapNoRestStaysReadable() {
        Masking masking = Masking.of(Map.of(new Secret("one"), "abcdef", new Secret("two"), "defghi"));

        assertThat(masking.mask("-abcdefghi-")).isEqualTo("-***one***-");
        assertThat(masking.mask("-abcdef-defghi-")).isEqualTo("-***one***-***two***-");
    }

    @Test
    void aSecretThatRepeatsItselfIsMaskedAsOneAndHoldsNothingBack() {
        Masker masker = masking("aaaa").stream();
        int given = 0;
        for (int i = 0; i < 1_000; i++) {
            given += masker.write("aaaaaaa".getBytes(StandardCharsets.UTF_8)).length;
        }

        assertThat(given).isZero();
        assertThat(text(masker.write("b".getBytes(StandardCharsets.UTF_8)))).isEqualTo("***token***b");
    }

    @Test
    void theLengthOfASecretIsNotTold() {
        assertThat(masking("a much longer secret").mask("x a much longer secret x"))
                .isEqualTo("x ***token*** x");
    }

    @Test
    void onlyWhatMayBecomeASecretIsHeldBack() {
        Masker masker = masking("hunter2").stream();

        assertThat(text(masker.write(bytes("prompt: ")))).isEqualTo("prompt: ");
        assertThat(text(masker.write(bytes("a hunt")))).isEqualTo("a ");
        assertThat(text(masker.write(bytes("ing")))).isEqualTo("hunting");
        assertThat(text(masker.write(bytes("hun")))).isEmpty();
        assertThat(text(masker.flush())).isEqualTo("hun");
        assertThat(text(masker.write(bytes("ter2")))).isEqualTo("ter2");
    }

    @Test
    void whatTellsNothingOfASecretIsGivenBackWhenNothingMoreComesAndTheSecretIsMaskedAllTheSame() {
        Masker masker = masking("hunter2-horse").stream();

        assertThat(text(masker.write(bytes("ask: hunter")))).isEqualTo("ask: ");
        assertThat(text(masker.release())).isEqualTo("hunter");
        assertThat(text(masker.release())).isEmpty();
        assertThat(text(masker.write(bytes("2-horse, and")))).isEqualTo("***token***, and");
        assertThat(text(masker.flush())).isEmpty();
    }

    @Test
    void halfOfASecretIsHeldBackHoweverLongNothingMoreComes() {
        Masker masker = masking("hunter2-horse").stream();

        assertThat(text(masker.write(bytes("ask: hunter2")))).isEqualTo("ask: ");
        assertThat(text(masker.release())).isEmpty();
        assertThat(text(masker.write(bytes("-horse")))).isEmpty();
        assertThat(text(masker.release())).isEmpty();
        assertThat(text(masker.flush())).isEqualTo("***token***");
    }

    @Test
    void whatIsGivenBackInBetweenChangesNothingWhereverItIs() {
        Masking masking = Masking.of(Map.of(TOKEN, "abcdefghab", new Secret("other"), "ghabcdxyz0"));
        byte[] text = bytes("x abcdefghabcdxyz0 abcdefghab abcdab ghabcd");
        for (int at = 0; at <= text.length; at++) {
            Masker masker = masking.stream();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(masker.write(Arrays.copyOfRange(text, 0, at)));
            out.writeBytes(masker.release());
            out.writeBytes(masker.write(Arrays.copyOfRange(text, at, text.length)));
            out.writeBytes(masker.flush());

            // At most the first letters of the first one are told.
            assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("a?b?c?d?(?=\\*\\*\\*token)", ""))
                    .matches("x \\*\\*\\*token\\*\\*\\* \\*\\*\\*token\\*\\*\\* abcdab ghabcd");
        }
    }

    @Test
    void aKeyOfSeveralLinesIsMaskedInAllItsForms() {
        String key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n}\n-----END KEY-----\n";
        Masking masking = masking(key);

        assertThat(masking.mask(key)).isEqualTo("***token***");
        assertThat(masking.mask(key.replace("\n", "\r\n"))).isEqualTo("***token***");
        assertThat(masking.mask("line 2: kqhkiG9w0BAQEF")).isEqualTo("line 2: ***token***");
        assertThat(masking.mask("{\"key\":\"" + key.replace("\n", "\\n") + "\"}"))
                .isEqualTo("{\"key\":\"***token***\"}");
        assertThat(masking.mask("-----BEGIN KEY-----")).isEqualTo("-----BEGIN KEY-----");
        assertThat(masking.mask("{ }")).isEqualTo("{ }");
    }

    @Test
    void theLeavesOfJsonAndPropertiesAreSecrets() {
        Masking json = masking("{\n  \"user\": \"deployer\",\n  \"keys\": [\"s3cr3t-leaf\", {\"pin\": \"12\"}]\n}");
        Masking properties = masking("# access\nuser=deployer\nexport password = \"s3cr3t-leaf\"\n");

        for (Masking masking : List.of(json, properties)) {
            assertThat(masking.mask("got s3cr3t-leaf by deployer {")).isEqualTo("got ***token*** by ***token*** {");
            assertThat(masking.mask(hex("s3cr3t-leaf"))).isEqualTo("***token***");
            assertThat(masking.mask("user 12 }")).isEqualTo("user 12 }");
        }
    }

    @Test
    void whatOnlyLooksLikeJsonIsASecretAllTheSame() {
        assertThat(masking("{not json").mask("a {not json b")).isEqualTo("a ***token*** b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "   abc \n"})
    void aValueTooShortToMaskIsRefusedWithoutPrintingIt(String value) {
        assertThatThrownBy(() -> masking(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("secret \"token\": its value has fewer than 4 characters and cannot be kept out of the"
                        + " output; use a longer one");
    }

    @Test
    void aValueTooLongIsRefused() {
        assertThatThrownBy(() -> masking("x".repeat(40_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secret \"token\": its value is longer than 32768 characters");
    }

    @Test
    void everyEncodingOfRandomSecretsIsMasked() {
        Random random = new Random(42);
        for (int i = 0; i < 300; i++) {
            String secret = wild(random, 8 + random.nextInt(30));
            Masking masking = masking(secret);
            for (String form : encodings(secret)) {
                String masked = masking.mask("<<" + form + ">>");

                assertThat(masked).as("%s as %s", secret, form).isEqualTo("<<***token***>>");
            }
        }
    }

    @Test
    void noSecretSurvivesBase64WhateverSurroundsIt() {
        Random random = new Random(43);
        for (int i = 0; i < 2_000; i++) {
            String secret = letters(random, 10 + random.nextInt(30));
            String before = letters(random, random.nextInt(5));
            String after = letters(random, random.nextInt(5));
            Masking masking = masking(secret);
            for (Base64.Encoder encoder :
                    List.of(Base64.getEncoder(), Base64.getUrlEncoder().withoutPadding())) {
                String masked = masking.mask(encoder.encodeToString(bytes(before + secret + after)));

                assertThat(masked).as("%s|%s|%s", before, secret, after).contains("***token***");
                assertThat(masked.replace("***token***", "").length())
                        .as("only the edges that neighbours share stay")
                        .isLessThanOrEqualTo((before.length() + after.length() + 2) * 4 / 3 + 7);
            }
        }
    }

    @Test
    void base64ThatIsWrappedAsTheCommandDoesItIsMasked() {
        String secret = letters(new Random(44), 150);
        String wrapped = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes(secret));

        assertThat(masking(secret).mask(wrapped)).isEqualTo("***token***\n***token***\n***token***");
    }

    @Test
    void chunkBordersDoNotMatter() {
        Random random = new Random(45);
        for (int i = 0; i < 2_000; i++) {
            Map<Secret, String> secrets = new LinkedHashMap<>();
            for (int s = 0; s < 1 + random.nextInt(4); s++) {
                secrets.put(new Secret("s" + s), fromAlphabet(random, "ab", 4 + random.nextInt(5)));
            }
            String text = fromAlphabet(random, "aab b", 60);
            Masking masking = Masking.of(secrets);

            String expected = naive(secrets, text);

            assertThat(inChunks(masking, text, random))
                    .as("%s in %s", secrets, text)
                    .isEqualTo(expected);
            assertThat(masking.mask(text)).isEqualTo(expected);
        }
    }

    @Test
    void everySingleCutOfATextGivesTheSame() {
        Masking masking = Masking.of(Map.of(TOKEN, "hünter2€", new Secret("other"), "ter2€-and-more"));
        byte[] text = bytes("x hünter2€-and-mor hünter2€-and-more y hünter2");
        String expected = masking.mask(text(text));
        for (int cut = 0; cut <= text.length; cut++) {
            Masker masker = masking.stream();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(masker.write(Arrays.copyOfRange(text, 0, cut)));
            out.writeBytes(masker.write(Arrays.copyOfRange(text, cut, text.length)));
            out.writeBytes(masker.flush());

            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        }
        assertThat(expected).isEqualTo("x ***token***-and-mor ***token*** y hünter2");
    }

    @Test
    void bytesThatAreNoTextPassUnchanged() {
        byte[] wild = new byte[100_000];
        new Random(46).nextBytes(wild);
        Masker masker = masking("a secret that is not in there").stream();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < wild.length; from += 1_000) {
            out.writeBytes(masker.write(Arrays.copyOfRange(wild, from, from + 1_000)));
        }
        out.writeBytes(masker.flush());

        assertThat(out.toByteArray()).isEqualTo(wild);
    }

    private static Masking masking(String value) {
        return Masking.of(Map.of(TOKEN, value));
    }

    private static List<String> encodings(String secret) {
        List<String> forms = new ArrayList<>();
        forms.add(secret);
        forms.add(hex(secret));
        forms.add(hex(secret).toUpperCase(Locale.ROOT));
        forms.add(Base64.getEncoder().encodeToString(bytes(secret)));
        forms.add(Base64.getUrlEncoder().encodeToString(bytes(secret)));
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
        forms.add(secret.replace("'", "'\\''"));
        forms.add(secret.replace("$", "$$"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        forms.add(secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        return forms;
    }

    /** What must come out: all occurrences, overlapping ones joined, named by the leftmost and longest. */
    private static String naive(Map<Secret, String> secrets, String text) {
        List<int[]> found = new ArrayList<>();
        List<String> foundNames = new ArrayList<>();
        Map<String, String> patterns = new LinkedHashMap<>();
        secrets.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().name()))
                .forEach(entry -> Variants.of(entry.getValue(), entry.getKey())
                        .forEach(form ->
                                patterns.putIfAbsent(form.text(), entry.getKey().toString())));
        for (int from = 0; from < text.length(); from++) {
            int start = from;
            patterns.entrySet().stream()
                    .filter(entry -> text.startsWith(entry.getKey(), start))
                    .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                    .ifPresent(entry -> {
                        found.add(new int[] {start, start + entry.getKey().length()});
                        foundNames.add(entry.getValue());
                    });
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int i = 0; i < found.size(); ) {
            int from = found.get(i)[0];
            int to = found.get(i)[1];
            String name = foundNames.get(i);
            for (i++; i < found.size() && found.get(i)[0] < to; i++) {
                to = Math.max(to, found.get(i)[1]);
            }
            out.append(text, at, from).append(name);
            at = to;
        }
        return out.append(text.substring(at)).toString();
    }

    private static String inChunks(Masking masking, String text, Random random) {
        Masker masker = masking.stream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] all = bytes(text);
        for (int from = 0; from < all.length; ) {
            int to = Math.min(all.length, from + random.nextInt(7));
            out.writeBytes(masker.write(Arrays.copyOfRange(all, from, to)));
            from = to;
        }
        out.writeBytes(masker.flush());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String wild(Random random, int length) {
        return "k" + fromAlphabet(random, "abcXYZ019 '\"\\$&<>/+=%-_.~!*()\néü€", length) + "z";
    }

    private static String letters(Random random, int length) {
        return fromAlphabet(random, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length);
    }

    private static String fromAlphabet(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
