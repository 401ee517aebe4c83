package dev.nonevent.pipeline.run;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Stands for a throwable whose words held a secret: the same class name, stack and causes, with the words masked. */
final class MaskedThrowable extends Exception {

    private static final long serialVersionUID = 1L;

    private MaskedThrowable(String words, StackTraceElement[] stack) {
        super(words);
        setStackTrace(stack);
    }

    /** The throwable itself if nothing in it is masked. */
    static Throwable of(Throwable thrown, UnaryOperator<String> mask) {
        Set<Throwable> chain = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(thrown, chain);
        boolean clean = chain.stream().allMatch(link -> mask.apply(words(link)).equals(words(link)));
        return clean ? thrown : copy(thrown, mask, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static void collect(Throwable link, Set<Throwable> chain) {
        if (chain.add(link)) {
            if (link.getCause() != null) {
                collect(link.getCause(), chain);
            }
            for (Throwable suppressed : link.getSuppressed()) {
                collect(suppressed, chain);
            }
        }
    }

    private static MaskedThrowable copy(Throwable link, UnaryOperator<String> mask, Set<Throwable> done) {
        MaskedThrowable copy = new MaskedThrowable(mask.apply(words(link)), link.getStackTrace());
        if (done.add(link)) {
            if (link.getCause() != null) {
                copy.initCause(copy(link.getCause(), mask, done));
            }
            for (Throwable suppressed : link.getSuppressed()) {
                copy.addSuppressed(copy(suppressed, mask, done));
            }
        }
        return copy;
    }

    private static String words(Throwable link) {
        return String.valueOf(link);
    }
}
