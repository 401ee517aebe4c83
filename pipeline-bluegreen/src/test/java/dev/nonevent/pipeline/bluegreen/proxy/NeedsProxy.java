package dev.nonevent.pipeline.bluegreen.proxy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs only where this program is installed. Elsewhere the tests are skipped, and the end of the run says so; with
 * {@code -Dproxies.required=true} they fail instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(ProxyExtension.class)
public @interface NeedsProxy {

    /** As it is called: {@code haproxy}. */
    String value();
}
