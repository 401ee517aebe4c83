package dev.nonevent.pipeline.cli;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What can be known of the process's streams on the JDK at hand; the methods asked for are younger than 17. */
final class Streams {

    private Streams() {}

    /** Since JDK 22 there is a console even where nothing is a terminal, and {@code isTerminal} tells. */
    static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException older) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return false;
        }
    }

    /** {@code PrintStream.charset} came with JDK 18; before it, a stream of the process has the default one. */
    static Charset charset(PrintStream stream) {
        try {
            return (Charset) PrintStream.class.getMethod("charset").invoke(stream);
        } catch (NoSuchMethodException older) {
            return Charset.defaultCharset();
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return StandardCharsets.US_ASCII;
        }
    }
}
