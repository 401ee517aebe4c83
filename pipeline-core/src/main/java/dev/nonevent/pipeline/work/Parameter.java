package dev.nonevent.pipeline.work;

import java.util.Optional;
import java.util.function.Function;

/**
 * A name for a typed value that whoever starts the run gives. It is read with {@link StageContext#value}.
 *
 * @param name as on the command line, {@code --name=value}
 * @param type what it becomes
 * @param fallback used if nothing is given; empty: it must be given
 * @param read turns the text into the value; throws {@link IllegalArgumentException} with a sentence if it cannot
 */
public record Parameter<T>(String name, Class<T> type, Optional<T> fallback, Function<String, T> read) {}
