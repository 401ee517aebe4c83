package dev.nonevent.pipeline.gate;

import java.util.List;
import java.util.function.Function;

/** A gate's answer. No evidence is never a pass: it is {@link NoEvidence}, which blocks as an error. */
public sealed interface Verdict {

    /** Go on. The sentence says what was looked at: {@code 327 tests}. */
    record Pass(String sentence) implements Verdict {}

    /** Stop. The sentence says why; the lines name what a person has to mend. */
    record Block(String sentence, List<String> lines) implements Verdict {
        public Block {
            lines = List.copyOf(lines);
        }
    }

    /** The question could not be answered: a report is missing, empty, stale, broken or contradicts the exit code. */
    record NoEvidence(String sentence) implements Verdict {}

    static Verdict pass(String sentence) {
        return new Pass(sentence);
    }

    static Verdict block(String sentence) {
        return new Block(sentence, List.of());
    }

    static Verdict block(String sentence, List<String> lines) {
        return new Block(sentence, lines);
    }

    static Verdict noEvidence(String sentence) {
        return new NoEvidence(sentence);
    }

    String sentence();

    default <R> R fold(
            Function<? super Pass, ? extends R> pass,
            Function<? super Block, ? extends R> block,
            Function<? super NoEvidence, ? extends R> noEvidence) {
        if (this instanceof Pass answer) {
            return pass.apply(answer);
        } else if (this instanceof Block answer) {
            return block.apply(answer);
        }
        return noEvidence.apply((NoEvidence) this);
    }
}
