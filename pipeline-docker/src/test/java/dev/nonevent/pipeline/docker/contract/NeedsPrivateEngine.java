package dev.nonevent.pipeline.docker.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs only where a {@link PrivateEngine} can be started: as root, with a dockerd to start. Elsewhere the tests are
 * skipped, which is printed; with {@code -Dengine.required=true} they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PrivateEngineCondition.class)
public @interface NeedsPrivateEngine {}
