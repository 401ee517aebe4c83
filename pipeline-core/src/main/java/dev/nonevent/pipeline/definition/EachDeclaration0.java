package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.work.Each0;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A fan-out whose cells need nothing. It ends with {@code run}. */
@CheckReturnValue
public final class EachDeclaration0<K> extends Settings<EachDeclaration0<K>> {

    private final Cells<K> cells;

    EachDeclaration0(Draft draft, List<K> keys) {
        super(draft);
        this.cells = new Cells<>(draft, keys);
    }

    /** Takes the value of this stage as parameters of its lambda. */
    public <A> EachDeclaration1<K, A> needs(Stage<A> a) {
        draft.needs(a);
        return new EachDeclaration1<>(draft, cells);
    }

    /** Takes the values of these 2 stages as parameters of its lambda. */
    public <A, B> EachDeclaration2<K, A, B> needs(Stage<A> a, Stage<B> b) {
        draft.needs(a, b);
        return new EachDeclaration2<>(draft, cells);
    }

    /** Takes the values of these 3 stages as parameters of its lambda. */
    public <A, B, C> EachDeclaration3<K, A, B, C> needs(Stage<A> a, Stage<B> b, Stage<C> c) {
        draft.needs(a, b, c);
        return new EachDeclaration3<>(draft, cells);
    }

    /** Takes the values of these 4 stages as parameters of its lambda. */
    public <A, B, C, D> EachDeclaration4<K, A, B, C, D> needs(Stage<A> a, Stage<B> b, Stage<C> c, Stage<D> d) {
        draft.needs(a, b, c, d);
        return new EachDeclaration4<>(draft, cells);
    }

    /** Takes the values of these 5 stages as parameters of its lambda. */
    public <A, B, C, D, E> EachDeclaration5<K, A, B, C, D, E> needs(
            Stage<A> a, Stage<B> b, Stage<C> c, Stage<D> d, Stage<E> e) {
        draft.needs(a, b, c, d, e);
        return new EachDeclaration5<>(draft, cells);
    }

    /** Where the commands of the cell with this key run. */
    public EachDeclaration0<K> in(Function<? super K, ? extends CommandExecutor> executor) {
        cells.in(executor);
        return this;
    }

    /** What each cell does. */
    @CanIgnoreReturnValue
    public <R> Stage<Map<K, R>> run(Each0<? super K, ? extends R> work) {
        return cells.run(draft.code(work), key -> (context, in) -> work.run(context, key));
    }

    @Override
    EachDeclaration0<K> self() {
        return this;
    }
}
