package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.work.Each2;
import java.util.Map;
import java.util.function.Function;

/** A fan-out whose cells need 2 values. It ends with {@code run}. */
@CheckReturnValue
public final class EachDeclaration2<K, A, B> extends Settings<EachDeclaration2<K, A, B>> {

    private final Cells<K> cells;

    EachDeclaration2(Draft draft, Cells<K> cells) {
        super(draft);
        this.cells = cells;
    }

    /** Where the commands of the cell with this key run. */
    public EachDeclaration2<K, A, B> in(Function<? super K, ? extends CommandExecutor> executor) {
        cells.in(executor);
        return this;
    }

    /** What each cell does. */
    @CanIgnoreReturnValue
    public <R> Stage<Map<K, R>> run(Each2<? super K, ? super A, ? super B, ? extends R> work) {
        return cells.run(
                draft.code(work), key -> (context, in) -> work.run(context, key, Body.input(in, 0), Body.input(in, 1)));
    }

    @Override
    EachDeclaration2<K, A, B> self() {
        return this;
    }
}
