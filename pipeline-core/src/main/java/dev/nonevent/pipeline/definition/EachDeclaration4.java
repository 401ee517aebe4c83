package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.work.Each4;
import java.util.Map;
import java.util.function.Function;

/** A fan-out whose cells need 4 values. It ends with {@code run}. */
@CheckReturnValue
public final class EachDeclaration4<K, A, B, C, D> extends Settings<EachDeclaration4<K, A, B, C, D>> {

    private final Cells<K> cells;

    EachDeclaration4(Draft draft, Cells<K> cells) {
        super(draft);
        this.cells = cells;
    }

    /** Where the commands of the cell with this key run. */
    public EachDeclaration4<K, A, B, C, D> in(Function<? super K, ? extends CommandExecutor> executor) {
        cells.in(executor);
        return this;
    }

    /** What each cell does. */
    @CanIgnoreReturnValue
    public <R> Stage<Map<K, R>> run(Each4<? super K, ? super A, ? super B, ? super C, ? super D, ? extends R> work) {
        return cells.run(
                draft.code(work),
                key -> (context, in) -> work.run(
                        context, key, Body.input(in, 0), Body.input(in, 1), Body.input(in, 2), Body.input(in, 3)));
    }

    @Override
    EachDeclaration4<K, A, B, C, D> self() {
        return this;
    }
}
