package dev.nonevent.pipeline.docker.inside;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A command as it is handed to the shell that serves a stage, on its input, where nobody sees what is in it. Its words are
 * read as they are and never understood as a script: before each stands how many lines it has.
 */
public final class Order {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Order() {}

    /**
     * @param mark said when it has ended, see {@link EndMark}
     * @param environment what it gets besides what the shell has
     * @throws InfrastructureException if a variable has a name that a shell does not take
     */
    public static byte[] run(String mark, List<String> argv, Path directory, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        new TreeMap<>(environment).forEach((name, value) -> {
            requireName(name, argv);
            words.add(name + "=" + value);
        });
        words.addAll(argv);
        Order order = new Order();
        order.line("run");
        order.word(mark);
        order.word(directory.toAbsolutePath().normalize().toString());
        order.line(environment.size() + " " + words.size());
        words.forEach(order::word);
        return order.bytes.toByteArray();
    }

    /** There will be no other one: the shell ends, and its container with it. */
    public static byte[] end() {
        Order order = new Order();
        order.line("end");
        return order.bytes.toByteArray();
    }

    private static void requireName(String name, List<String> argv) {
        if (!NAME.matcher(name).matches()) {
            throw new InfrastructureException("the variable \"" + name + "\" of " + argv.get(0)
                    + " has a name that no shell takes, and a command of a stage gets its variables through one:"
                    + " use letters, digits and underscores");
        }
    }

    private void word(String word) {
        line(String.valueOf(1 + word.chars().filter(each -> each == '\n').count()));
        line(word);
    }

    private void line(String line) {
        bytes.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        bytes.write('\n');
    }
}
