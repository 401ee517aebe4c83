package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Remembers every event, in order. */
final class Recorded implements RunListener {

    private final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void on(RunEvent event) {
        events.add(event);
    }

    List<RunEvent> events() {
        return List.copyOf(events);
    }

    <E extends RunEvent> List<E> all(Class<E> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<String> lines() {
        return all(RunEvent.StageOutput.class).stream()
                .map(RunEvent.StageOutput::line)
                .toList();
    }

    List<String> notes() {
        return all(RunEvent.RunNote.class).stream().map(RunEvent.RunNote::line).toList();
    }

    RunEvent.StageEnded end(String stage) {
        return all(RunEvent.StageEnded.class).stream()
                .filter(event -> event.stage().equals(stage))
                .findFirst()
                .orElseThrow();
    }
}
