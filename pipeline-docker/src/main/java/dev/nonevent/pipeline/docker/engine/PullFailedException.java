package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.List;
import java.util.Locale;

/** An image did not come, and this is what the engine or the registry said. */
final class PullFailedException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    /** What a registry, or the way to it, says in a bad moment; what it says about the image, or us, it will say again. */
    private static final List<String> PASSING = List.of(
            "500 internal server error",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway timeout",
            "toomanyrequests",
            "429 too many requests",
            "connection refused",
            "connection reset",
            "broken pipe",
            "unexpected eof",
            ": eof",
            "i/o timeout",
            "tls handshake timeout",
            "client.timeout exceeded",
            "temporary failure in name resolution",
            "server misbehaving");

    private static final List<String> LASTING =
            List.of("unauthorized", "denied", "manifest unknown", "not found", "no such host", "invalid reference");

    private final String reason;

    PullFailedException(String image, String reason) {
        super("image " + image + " is not there and cannot be pulled (" + reason
                + "): check its name, docker login, and the way to its registry");
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    /** Whether it may be otherwise in a moment. What is not known to pass does not. */
    @Override
    public boolean mayPass() {
        return mayPass(reason);
    }

    static boolean mayPass(String reason) {
        String said = reason.toLowerCase(Locale.ROOT);
        return PASSING.stream().anyMatch(said::contains) && LASTING.stream().noneMatch(said::contains);
    }
}
