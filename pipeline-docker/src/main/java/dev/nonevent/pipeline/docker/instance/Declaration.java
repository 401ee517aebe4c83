package dev.nonevent.pipeline.docker.instance;

import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Quantities;
import dev.nonevent.pipeline.docker.engine.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a team has said about its instances, checked as it is said: the words of a {@link Blueprint}, by which alone an
 * instance is made, so that an old release is started again as it was then. Immutable.
 *
 * @param settings the words by their names; a host may have more of its own
 */
public record Declaration(Map<String, String> settings) {

    private static final String IMAGE = "image";
    private static final String PULLED_AS = "pulled-as";
    private static final String PORT = "port";
    private static final String MEMORY = "memory";
    private static final String NANO_CPUS = "nano-cpus";
    private static final String PROCESSES = "processes";
    private static final String READ_ONLY = "read-only";
    private static final String USER = "user";
    private static final String LOG_SIZE = "log.size";
    private static final String LOG_FILES = "log.files";
    private static final String VARIABLE = "env.";

    public Declaration {
        settings = Map.copyOf(settings);
    }

    /** @param inside the port on which a release listens in its container */
    public static Declaration port(int inside) {
        require(inside >= 1 && inside <= 65_535, "a port is from 1 to 65535, was " + inside);
        return new Declaration(Map.of(PORT, "" + inside));
    }

    public static Declaration of(Blueprint blueprint) {
        return new Declaration(blueprint.settings());
    }

    public Declaration env(String name, String value) {
        Words.variable(name, value);
        return with(VARIABLE + name, value);
    }

    public Declaration memoryMib(int mebibytes) {
        return with(MEMORY, "" + Quantities.memory(mebibytes));
    }

    public Declaration cpus(double cores) {
        return with(NANO_CPUS, "" + Quantities.nanoCpus(cores));
    }

    public Declaration processes(int most) {
        require(most >= 2, "a release and its init are two processes, was " + most);
        return with(PROCESSES, "" + most);
    }

    public Declaration readOnly() {
        return with(READ_ONLY, "yes");
    }

    public Declaration user(String user) {
        return with(USER, Words.user(user));
    }

    public Declaration logs(int mebibytes, int files) {
        require(mebibytes >= 1 && files >= 1, "at least one file of 1 MiB is kept of what is printed");
        return with(LOG_SIZE, "" + mebibytes).with(LOG_FILES, "" + files);
    }

    /** @throws IllegalArgumentException if a release cannot be so many */
    public static int replicas(int count) {
        require(
                count >= 1 && count <= Instance.MOST_REPLICAS,
                "a release has from 1 to " + Instance.MOST_REPLICAS + " replicas, was " + count);
        return count;
    }

    /** A word of the host's own, which it has checked. */
    public Declaration with(String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new Declaration(more);
    }

    /**
     * How instances of an image are started.
     *
     * @param id of the image on the engine
     * @param pushed {@code repository@sha256:…}, if a registry has it
     */
    public Blueprint blueprint(String id, Optional<String> pushed) {
        Declaration all = with(IMAGE, id);
        return new Blueprint(
                id,
                pushed.map(reference -> all.with(PULLED_AS, reference))
                        .orElse(all)
                        .settings());
    }

    /** @throws IllegalArgumentException if a host was told what no instance can be */
    public static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /** The image's id. */
    public String image() {
        return said(IMAGE).orElse("");
    }

    /** Under what a registry has it. */
    public Optional<String> pulledAs() {
        return said(PULLED_AS);
    }

    /** On which it listens inside. */
    public int port() {
        return Integer.parseInt(said(PORT).orElse("80"));
    }

    /** Each {@code name=value}. */
    public List<String> environment() {
        return settings.entrySet().stream()
                .filter(each -> each.getKey().startsWith(VARIABLE))
                .map(each -> each.getKey().substring(VARIABLE.length()) + "=" + each.getValue())
                .sorted()
                .toList();
    }

    /** In bytes. */
    public OptionalLong memory() {
        return number(MEMORY);
    }

    public OptionalLong nanoCpus() {
        return number(NANO_CPUS);
    }

    public long processes() {
        return number(PROCESSES).orElse(512);
    }

    public boolean isReadOnly() {
        return said(READ_ONLY).isPresent();
    }

    /** {@code uid:gid}. */
    public Optional<String> user() {
        return said(USER);
    }

    /** As the driver {@code json-file} takes them. */
    public Map<String, String> logOptions() {
        return Map.of(
                "max-size",
                said(LOG_SIZE).orElse("10") + "m",
                "max-file",
                said(LOG_FILES).orElse("3"));
    }

    /** A word of the host's own. */
    public Optional<String> said(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    private OptionalLong number(String name) {
        return said(name).map(text -> OptionalLong.of(Long.parseLong(text))).orElse(OptionalLong.empty());
    }
}
