package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.executor.CommandExecutor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The cells of a fan-out: one stage for each key, and one that gathers them, in the order of the keys. */
final class Cells<K> {

    private final Draft draft;
    private final List<K> keys;
    private @Nullable Function<? super K, ? extends CommandExecutor> executor;

    Cells(Draft draft, List<K> keys) {
        this.draft = draft;
        this.keys = keys;
    }

    void in(Function<? super K, ? extends CommandExecutor> where) {
        draft.mustBeOpen();
        executor = where;
    }

    <R> Stage<Map<K, R>> run(Code code, Function<K, Body<? extends R>> body) {
        draft.mustBeOpen();
        if (draft.approver != null) {
            draft.recorder.note(
                    draft.place,
                    draft.title(),
                    Optional.of("is a fan-out, whose cells start one by one: let a stage before it be approved"));
        }
        List<Stage<?>> cells = keys.stream()
                .<Stage<?>>map(key -> cell(key, code, body.apply(key)))
                .toList();
        draft.inputs.clear();
        draft.inputs.addAll(cells);
        draft.cleanup = null;
        draft.locks.clear();
        draft.retries = null;
        draft.approver = null;
        draft.services.clear();
        draft.serviceEnvironment.clear();
        return draft.stage(new Deed.Work(code, (context, in) -> gather(in)));
    }

    private Stage<?> cell(K key, Code code, Body<?> body) {
        Draft cell = draft.cell(String.valueOf(key));
        if (executor != null) {
            cell.executor = executor.apply(key);
        }
        return cell.stage(new Deed.Work(code, body));
    }

    private Map<K, Object> gather(List<Object> values) {
        Map<K, Object> gathered = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            gathered.put(keys.get(i), values.get(i));
        }
        return gathered;
    }
}
