package dev.nonevent.pipeline.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How programs write a text inside another. */
final class Encodings {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper ASCII_JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final int SHORTEST_CORE = 6;
    /** What is left as it is in URLs: by RFC 3986, by Java, by JavaScript, and by Python in a path. */
    private static final String[] PLAIN_IN_URLS = {"-._~", "-._*", "-._~!*'()", "-._~/"};

    private Encodings() {}

    /** Escaped forms, the text itself first. */
    static Set<String> ofText(String text) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(text);
        json(text, forms);
        xml(text, forms);
        for (String plain : PLAIN_IN_URLS) {
            String escaped = percent(text, plain);
            forms.add(escaped);
            forms.add(escaped.replace("%20", "+"));
            forms.add(lowerHex(escaped));
            forms.add(lowerHex(escaped).replace("%20", "+"));
        }
        forms.add(text.replace("'", "'\\''"));
        forms.add(text.replace("'", "'\"'\"'"));
        forms.add(text.replaceAll("([\\\\\"$`])", "\\\\$1"));
        forms.add(text.replace("$", "$$"));
        forms.add(text.replaceAll("([^\\p{L}\\p{N}_@%+=:./#~\\n-]|^[#~])", "\\\\$1"));
        forms.add(text.replace("\r", "\\r").replace("\n", "\\n"));
        return forms;
    }

    /** Forms that hide the text: hexadecimal and Base64. */
    static Set<String> ofBytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Set<String> forms = new LinkedHashSet<>();
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        for (Base64.Encoder encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
            String alone = encoder.encodeToString(bytes);
            forms.add(alone);
            forms.add(encoder.withoutPadding().encodeToString(bytes));
            wrapped(alone, 76, forms);
            wrapped(alone, 64, forms);
            for (int before = 0; before < 3; before++) {
                core(bytes, before, encoder, forms);
            }
        }
        return forms;
    }

    private static void json(String text, Set<String> forms) {
        try {
            for (ObjectMapper mapper : new ObjectMapper[] {JSON, ASCII_JSON}) {
                String quoted = mapper.writeValueAsString(text);
                String escaped = quoted.substring(1, quoted.length() - 1);
                forms.add(escaped);
                forms.add(escaped.replace("/", "\\/"));
                forms.add(lowerUnicode(escaped));
                forms.add(lowerUnicode(
                        escaped.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text cannot be written as JSON", e);
        }
    }

    private static void xml(String text, Set<String> forms) {
        String content = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        forms.add(content);
        forms.add(text.replace("&", "&amp;").replace("<", "&lt;"));
        forms.add(content.replace("\"", "&quot;"));
        forms.add(content.replace("\"", "&quot;").replace("'", "&apos;"));
        forms.add(content.replace("\"", "&quot;").replace("'", "&#39;"));
        forms.add(content.replace("\"", "&#34;").replace("'", "&#39;"));
    }

    private static String percent(String text, String plain) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (each & 0xff);
            boolean isPlain = letter < 128 && (Character.isLetterOrDigit(letter) || plain.indexOf(letter) >= 0);
            if (isPlain) {
                escaped.append(letter);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return escaped.toString();
    }

    private static String lowerHex(String escaped) {
        return lower(escaped, "%[0-9A-F]{2}");
    }

    private static String lowerUnicode(String escaped) {
        return lower(escaped, "\\\\u[0-9A-F]{4}");
    }

    private static String lower(String text, String what) {
        return Pattern.compile(what)
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group().toLowerCase(Locale.ROOT)));
    }

    /** Each full line of the wrapped form is found for itself. */
    private static void wrapped(String encoded, int width, Set<String> forms) {
        for (int from = 0; encoded.length() > width && from < encoded.length(); from += width) {
            String line = encoded.substring(from, Math.min(encoded.length(), from + width));
            if (line.length() >= SHORTEST_CORE) {
                forms.add(line);
            }
        }
    }

    /** The characters that depend on these bytes alone, whatever is encoded before and after them. */
    private static void core(byte[] bytes, int before, Base64.Encoder encoder, Set<String> forms) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = (before * 8 + 5) / 6;
        int to = shifted.length * 8 / 6;
        if (to - from >= SHORTEST_CORE) {
            forms.add(encoded.substring(from, to));
        }
    }
}
