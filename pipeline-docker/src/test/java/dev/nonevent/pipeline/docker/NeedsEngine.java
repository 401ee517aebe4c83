package dev.nonevent.pipeline.docker;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs only where there is a Docker engine and a static busybox to make an image from. Elsewhere the tests are skipped,
 * and the end of the run says so; with {@code -Dengine.required=true} they fail instead. A parameter of type {@link
 * TestEngine} gives access to both.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EngineExtension.class)
@interface NeedsEngine {}
