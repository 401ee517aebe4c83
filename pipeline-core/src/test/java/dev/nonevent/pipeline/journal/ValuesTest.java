package dev.nonevent.pipeline.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {

    enum Colour {
        BLUE,
        GREEN {
            @Override
            public String toString() {
                return "verdant";
            }
        }
    }

    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(float side) implements Shape {}

    record Everything(
            String text,
            int whole,
            long large,
            byte small,
            short shorter,
            char letter,
            boolean truth,
            double fraction,
            Optional<Path> path,
            List<Shape> shapes,
            Map<Colour, Set<URI>> places,
            Object anything) {}

    record Pair<A, B>(A first, B second) {}

    record Chain(int number, List<Chain> more) {}

    record Stream0(InputStream in) {}

    record Trimmed(String text) {

        Trimmed {
            text = text + "!";
        }
    }

    record Grumpy(int number) {

        Grumpy {
            if (number > 0 && Boolean.getBoolean("grumpy")) {
                throw new IllegalArgumentException("not today");
            }
        }
    }

    private final Values values = Values.of(ValuesTest.class.getClassLoader(), text -> text.replace("hunter2", "***"));

    static List<Object> data() {
        Artifact jar = new Artifact("shop.jar", Path.of("/store/ab"), "ab".repeat(32), 3);
        Tree tree = new Tree(Path.of("/store/cd"), "cd".repeat(32), 2);
        Revision revision =
                new Revision("shop.git", Optional.of("main"), "0a".repeat(20), Instant.EPOCH, "ana", "first");
        return List.of(
                "text \u00e4 \ud83d\ude00 \n \"",
                5,
                5L,
                (byte) -1,
                (short) 300,
                'x',
                true,
                0.1,
                Double.NaN,
                -0.0f,
                new BigDecimal("1.50"),
                Colour.GREEN,
                TimeUnit.SECONDS,
                Path.of("a/b"),
                Duration.ofNanos(1),
                Instant.parse("2026-11-24T01:02:03.456789012Z"),
                URI.create("https://shop.example/a?b#c"),
                Optional.empty(),
                Optional.of("x"),
                List.of(),
                List.of("a", 1, List.of(2L)),
                Stream.of(1, 2).toList(),
                Arrays.asList("a", null),
                Set.of("a"),
                Map.of("a", 1),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                new Everything(
                        "t",
                        1,
                        1L << 60,
                        (byte) 1,
                        (short) 2,
                        'c',
                        false,
                        Double.MIN_VALUE,
                        Optional.of(Path.of("/x")),
                        List.of(new Circle(1), new Square(2)),
                        Map.of(Colour.BLUE, Set.of(URI.create("a:b"))),
                        new Circle(3)),
                new Pair<>("a", new Pair<>(1, null)),
                new Chain(1, List.of(new Chain(2, List.of()))),
                new Outcome.Skipped("why"),
                jar,
                new Checkout(revision, tree));
    }

    @ParameterizedTest
    @MethodSource("data")
    void dataComesBackEqual(Object value) {
        assertThat(restored(value)).isEqualTo(value);
    }

    @Test
    void aCollectionThatAProgramMayAskForByItsClassComesBackInThatClass() {
        assertThat(restored(new ArrayList<>(List.of(1)))).isExactlyInstanceOf(ArrayList.class);
        assertThat(restored(new HashMap<>(Map.of(1, 2)))).isExactlyInstanceOf(HashMap.class);
        assertThat(restored(new TreeSet<>(Set.of(1)))).isExactlyInstanceOf(TreeSet.class);
    }

    @Test
    @SuppressWarnings("unchecked")
    void theOrderOfAMapStays() {
        Map<String, Integer> ordered = new LinkedHashMap<>();
        IntStream.iterate(50, i -> i > 0, i -> i - 1).forEach(i -> ordered.put("k" + i, i));

        assertThat(((Map<String, Integer>) restored(ordered)).keySet()).containsExactlyElementsOf(ordered.keySet());
    }

    @Test
    void whatIsNoDataSaysWhatItIs() {
        InputStream in = new ByteArrayInputStream(new byte[0]);
        assertThat(whyNot(in)).isEqualTo("it is java.io.ByteArrayInputStream");
        assertThat(whyNot(new Stream0(in))).isEqualTo("it holds java.io.ByteArrayInputStream");
        assertThat(whyNot(List.of(new StringBuilder()))).isEqualTo("it holds java.lang.StringBuilder");
        assertThat(whyNot(new byte[] {1})).isEqualTo("it is [B");
        assertThat(whyNot((Runnable) () -> {})).startsWith("it is " + ValuesTest.class.getName() + "$$Lambda");
        assertThat(whyNot(new TreeSet<>(Comparator.<Integer>reverseOrder()))).isEqualTo("it is java.util.TreeSet");
    }

    @Test
    void aRecordThatChangesWhatItIsGivenIsNotKept() {
        assertThat(whyNot(new Trimmed("a"))).isEqualTo("it is not equal to what is read back");
    }

    @Test
    void whatHoldsASecretIsNotKept() {
        assertThat(whyNot("token hunter2")).isEqualTo("it holds a secret");
        assertThat(whyNot(new Pair<>(List.of(Path.of("/tmp/hunter2")), 1))).isEqualTo("it holds a secret");
        assertThat(Values.of(ValuesTest.class.getClassLoader(), text -> text.replace("123456", "***"))
                        .keep(new Pair<>(9123456789L, 1)))
                .isEqualTo(new Kept.Not("it holds a secret"));
    }

    @Test
    void whatIsVeryLargeOrVeryDeepIsNotKept() {
        assertThat(whyNot("x".repeat(1 << 21))).startsWith("it is larger than 1024 KiB");
        Chain deep = new Chain(0, List.of());
        for (int i = 0; i < 10_000; i++) {
            deep = new Chain(i, List.of(deep));
        }
        assertThat(whyNot(deep)).startsWith("it is nested deeper than 100");
    }

    @Test
    void aClassThatIsGoneOrIsNoRecordAnyMoreIsSaid() {
        assertThat(whyNotRestored("{\"shop.Jar\":{}}")).isEqualTo("there is no class shop.Jar any more");
        assertThat(whyNotRestored("{\"java.lang.ProcessBuilder\":{}}"))
                .isEqualTo("java.lang.ProcessBuilder is neither a record nor an enum now");
    }

    @Test
    void aRecordThatHasChangedIsSaid() {
        String name = "{\"" + Circle.class.getName() + "\":";

        assertThat(whyNotRestored(name + "{}}")).endsWith("Circle has other components now");
        assertThat(whyNotRestored(name + "{\"radius\":\"1.0\",\"colour\":\"red\"}}"))
                .endsWith("has other components now");
        assertThat(whyNotRestored(name + "{\"diameter\":\"1.0\"}}")).endsWith("has other components now");
        assertThat(whyNotRestored(name + "{\"radius\":[]}}")).isEqualTo("there is no text at []");
        assertThat(whyNotRestored(name + "{\"radius\":null}}")).isEqualTo("Circle.radius is something else now");
        assertThat(whyNotRestored("{\"" + Colour.class.getName() + "\":\"RED\"}"))
                .endsWith("has no \"RED\"");
        assertThat(whyNotRestored("7000000000")).startsWith("there is no whole number");
        assertThat(whyNotRestored("{\"a\":1,\"b\":2}")).startsWith("there is no name at");
    }

    @Test
    void aConstructorThatRefusesIsSaid() {
        Kept.Value kept = (Kept.Value) values.keep(new Grumpy(1));
        System.setProperty("grumpy", "true");
        try {
            assertThat(values.restore(kept).whyNot()).contains("Grumpy refuses it: ", "not today");
        } finally {
            System.clearProperty("grumpy");
        }
    }

    @Test
    void anElementOfAnotherTypeThanDeclaredIsSaid() {
        String everything = ((Kept.Value) values.keep(data().stream()
                        .filter(Everything.class::isInstance)
                        .findFirst()
                        .orElseThrow()))
                .data()
                .json();

        assertThat(whyNotRestored(everything.replace("\"whole\":1", "\"whole\":\"1\"")))
                .startsWith("there is no whole number");
        assertThat(whyNotRestored(everything.replace("\"BLUE\"", "7"))).contains("has no 7");
    }

    private Object restored(Object value) {
        Kept kept = values.keep(value);
        assertThat(kept).isInstanceOf(Kept.Value.class);
        return values.restore((Kept.Value) kept).value().orElseThrow();
    }

    private String whyNot(Object value) {
        Kept kept = values.keep(value);
        assertThat(kept).isInstanceOf(Kept.Not.class);
        return ((Kept.Not) kept).why();
    }

    private String whyNotRestored(String json) {
        Values.Restored restored = values.restore(new Kept.Value(new DataText(json)));
        assertThat(restored.value()).isEmpty();
        return restored.whyNot();
    }
}
