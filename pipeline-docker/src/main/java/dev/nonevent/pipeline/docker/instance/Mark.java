package dev.nonevent.pipeline.docker.instance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.docker.engine.Owner;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * By what the containers or services of one application are found again, whoever started them. They do not carry the labels of {@link
 * Owner}: these outlive the process that started them.
 *
 * @param home a short hash of the home's path: two homes that use one engine may know applications of the same name
 */
public record Mark(String home, String application) {

    public static final String HOME = "dev.nonevent.home";
    public static final String APPLICATION = "dev.nonevent.application";
    public static final String DEPLOYMENT = "dev.nonevent.deployment";
    public static final String SPEC = "dev.nonevent.spec";
    public static final String ADDRESS = "dev.nonevent.address";
    public static final String STARTER = "dev.nonevent.starter";

    public static Mark of(Path home, String application) {
        return new Mark(home(home), application);
    }

    public static String home(Path home) {
        return shortHash(home.toAbsolutePath().normalize().toString());
    }

    /** What all of its containers have. */
    public Map<String, String> labels() {
        return Map.of(HOME, home, APPLICATION, application);
    }

    /** What the one of a deployment has. */
    public Map<String, String> labels(String deployment, Blueprint blueprint, URI address) {
        Map<String, String> labels = new TreeMap<>(labels());
        labels.put(DEPLOYMENT, deployment);
        labels.put(SPEC, spec(blueprint));
        labels.put(ADDRESS, address.toString());
        starter().ifPresent(starter -> labels.put(STARTER, starter));
        return labels;
    }

    /** One name for each deployment of each home, so that of two who start it at once only one can. */
    public String name(String deployment) {
        return "nonevent-" + deployment + "-" + shortHash(home + "/" + application + "/" + deployment);
    }

    public static String spec(Blueprint blueprint) {
        return shortHash(blueprint.digest() + new TreeMap<>(blueprint.settings()));
    }

    private static Optional<String> starter() {
        return Owner.self().map(self -> self.place() + " " + self.process());
    }

    /** Whether the process that made a container and was to start it is gone for certain. */
    public static boolean isStarterGone(String starter) {
        int blank = starter.indexOf(' ');
        return blank > 0
                && Owner.self()
                        .filter(self -> self.place().equals(starter.substring(0, blank)))
                        .filter(self -> self.isGone(starter.substring(blank + 1)))
                        .isPresent();
    }

    private static String shortHash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
