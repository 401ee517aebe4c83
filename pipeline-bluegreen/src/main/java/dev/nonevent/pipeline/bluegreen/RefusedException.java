package dev.nonevent.pipeline.bluegreen;

import java.util.List;

/** A release did not pass its checks. Never leaves this room: somebody has to say where traffic is. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> details;

    RefusedException(String reason, List<String> details) {
        super(reason);
        this.details = List.copyOf(details);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    List<String> details() {
        return details;
    }
}
