package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.work.Parameter;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A parameter while it is declared: it ends with {@link #orElse} or {@link #required}. */
@CheckReturnValue
public final class ParameterDeclaration<T> {

    private final Recorder recorder;
    private final String name;
    private final Class<T> type;
    private final Function<String, T> read;

    ParameterDeclaration(Recorder recorder, String name, Class<T> type) {
        this.recorder = recorder;
        this.name = name;
        this.type = type;
        this.read = ParameterText.reader(name, type);
    }

    String name() {
        return name;
    }

    /** What it is when nothing is given. */
    public Parameter<T> orElse(T value) {
        return declare(value);
    }

    /** It must be given, or the run does not start. */
    public Parameter<T> required() {
        return declare(null);
    }

    private Parameter<T> declare(@Nullable T fallback) {
        Parameter<T> parameter = new Parameter<>(name, type, Optional.ofNullable(fallback), read);
        recorder.add(this, parameter);
        return parameter;
    }
}
