package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.work.Trigger;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run is asked for: what made it start, and the parameters as somebody typed them.
 *
 * @param parameters text by parameter name, without the dashes; checked before anything runs
 */
public record RunRequest(Trigger trigger, Map<String, String> parameters) {

    public RunRequest {
        parameters = Map.copyOf(parameters);
    }

    public static RunRequest of(Trigger trigger) {
        return new RunRequest(trigger, Map.of());
    }

    /** The same request with this parameter; a second value for one name replaces the first. */
    public RunRequest with(String name, String text) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, text);
        return new RunRequest(trigger, more);
    }
}
