package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import java.util.List;
import java.util.function.BiConsumer;

/** What has to hold of when a stage may start, and start again. */
final class SchedulingRules {

    private final BiConsumer<Declaration, String> found;

    /** @param found takes the end of a sentence that begins with the stage */
    SchedulingRules(BiConsumer<Declaration, String> found) {
        this.found = found;
    }

    void look(List<Declaration> declarations) {
        declarations.stream()
                .filter(declaration -> declaration.deed() instanceof Deed.Deploy)
                .filter(declaration ->
                        declaration.options().scheduling().retries().orElse(0) > 0)
                .forEach(declaration -> found.accept(
                        declaration,
                        ": a deploy is not tried again by itself, because users see what it does; leave retry(…) out, and give the"
                                + " order to retry when you have seen why it failed"));
    }
}
