package dev.nonevent.pipeline.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms in which a value may be printed. */
final class Variants {

    private static final int SHORTEST = 4;
    private static final int SHORTEST_LINE = 6;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PROPERTY = Pattern.compile("\\s*(?:export\\s+)?[\\w.-]+\\s*[=:](.*)");
    private static final Pattern WORDLESS = Pattern.compile("[^\\p{L}\\p{N}]*");

    private Variants() {}

    static List<Word> of(String value, Secret secret) {
        Set<String> values = new LinkedHashSet<>();
        values.add(value);
        values.add(value.strip());
        values.add(value.replace("\r\n", "\n").replace("\n", "\r\n"));
        Set<String> leaves = new LinkedHashSet<>();
        leaves.addAll(jsonLeaves(value));
        leaves.addAll(propertyLeaves(value));

        List<Word> words = new ArrayList<>();
        values.forEach(each -> encoded(each).forEach(form -> words.add(Word.value(form, secret))));
        leaves.forEach(each -> encoded(each).forEach(form -> words.add(Word.part(form, secret))));
        lines(value).forEach(each -> Encodings.ofText(each).forEach(form -> words.add(Word.part(form, secret))));
        words.removeIf(each -> each.text().strip().length() < SHORTEST);
        return words;
    }

    private static Set<String> encoded(String text) {
        Set<String> forms = new LinkedHashSet<>(Encodings.ofBytes(text));
        forms.addAll(Encodings.ofText(text));
        return forms;
    }

    /** A line that says nothing of its own (a PEM frame, a brace) stays readable. */
    private static Set<String> lines(String value) {
        Set<String> lines = new LinkedHashSet<>();
        value.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST_LINE)
                .filter(line -> !line.startsWith("-----"))
                .filter(line -> !WORDLESS.matcher(line).matches())
                .forEach(lines::add);
        return lines;
    }

    private static List<String> jsonLeaves(String value) {
        List<String> leaves = new ArrayList<>();
        if (value.strip().startsWith("{") || value.strip().startsWith("[")) {
            try {
                collect(JSON.readTree(value), leaves);
            } catch (JsonProcessingException e) {
                // It only looked like JSON: then it has no leaves.
                return List.of();
            }
        }
        return leaves;
    }

    private static void collect(JsonNode node, List<String> leaves) {
        if (node.isTextual() && node.textValue().strip().length() >= SHORTEST) {
            leaves.add(node.textValue());
        }
        node.forEach(child -> collect(child, leaves));
    }

    private static List<String> propertyLeaves(String value) {
        List<String> leaves = new ArrayList<>();
        for (String line : value.lines().toList()) {
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher property = PROPERTY.matcher(line);
            if (!property.matches()) {
                return List.of();
            }
            String leaf = unquoted(property.group(1).strip());
            if (leaf.length() >= SHORTEST) {
                leaves.add(leaf);
            }
        }
        return leaves;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.startsWith("\"") || text.startsWith("'"))
                && text.endsWith(text.substring(0, 1));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
