package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.work.Each1;
import java.util.Map;
import java.util.function.Function;

/** A fan-out whose cells need one value. It ends with {@code run}. */
@CheckReturnValue
public final class EachDeclaration1<K, A> extends Settings<EachDeclaration1<K, A>> {

    private final Cells<K> cells;

    EachDeclaration1(Draft draft, Cells<K> cells) {
        super(draft);
        this.cells = cells;
    }

    /** Where the commands of the cell with this key run. */
    public EachDeclaration1<K, A> in(Function<? super K, ? extends CommandExecutor> executor) {
        cells.in(executor);
        return this;
    }

    /** What each cell does. */
    @CanIgnoreReturnValue
    public <R> Stage<Map<K, R>> run(Each1<? super K, ? super A, ? extends R> work) {
        return cells.run(draft.code(work), key -> (context, in) -> work.run(context, key, Body.input(in, 0)));
    }

    @Override
    EachDeclaration1<K, A> self() {
        return this;
    }
}
