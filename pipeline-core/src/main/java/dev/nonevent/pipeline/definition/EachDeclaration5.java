package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.work.Each5;
import java.util.Map;
import java.util.function.Function;

/** A fan-out whose cells need 5 values. It ends with {@code run}. */
@CheckReturnValue
public final class EachDeclaration5<K, A, B, C, D, E> extends Settings<EachDeclaration5<K, A, B, C, D, E>> {

    private final Cells<K> cells;

    EachDeclaration5(Draft draft, Cells<K> cells) {
        super(draft);
        this.cells = cells;
    }

    /** Where the commands of the cell with this key run. */
    public EachDeclaration5<K, A, B, C, D, E> in(Function<? super K, ? extends CommandExecutor> executor) {
        cells.in(executor);
        return this;
    }

    /** What each cell does. */
    @CanIgnoreReturnValue
    public <R> Stage<Map<K, R>> run(
            Each5<? super K, ? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> work) {
        return cells.run(
                draft.code(work),
                key -> (context, in) -> work.run(
                        context,
                        key,
                        Body.input(in, 0),
                        Body.input(in, 1),
                        Body.input(in, 2),
                        Body.input(in, 3),
                        Body.input(in, 4)));
    }

    @Override
    EachDeclaration5<K, A, B, C, D, E> self() {
        return this;
    }
}
