package dev.nonevent.pipeline.executor;

import java.util.List;

/**
 * Something that has to run beside the commands of a stage: a database, a broker, a stub of somebody else's system.
 *
 * <pre>{@code
 * var db = service("postgres:16").env("POSTGRES_PASSWORD", "test").port(5432);
 * p.gate("integration tests").needs(source).in(maven).service(db)
 *         .env("DB_URL", db.url("jdbc:postgresql://{host}:{port}/postgres"))
 *         .check(…);
 * }</pre>
 *
 * <p>A run starts it when the first stage that names it starts, shares it among all that do, and ends it with the last of
 * them. Two objects that are equal are the same service. Implementations are immutable and safe for use by several
 * threads and runs; each start gives a service of its own.
 */
public interface Service {

    /** How commands in containers reach it: lower case letters, digits and dashes, at most 63, no dash at either end. */
    String name();

    /** For people, in a plan and in a failure: {@code postgres:16}. */
    String description();

    /** The ports it answers on, by the numbers it knows itself; the one that is usually meant first. */
    List<Integer> ports();

    /**
     * Starts it and waits until it is ready. If this throws, nothing of it is left.
     *
     * @param output takes what it prints, from now until it has ended
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if it cannot be started or does not become ready
     * @throws InterruptedException if the calling thread is interrupted; the service has been ended
     */
    RunningService start(ServiceGroup group, CommandOutput output) throws InterruptedException;

    /**
     * A text with its address, for {@code env}: {@code {host}}, {@code {port}} for the first port and {@code {port:8080}}
     * for any.
     */
    default ServiceUrl url(String template) {
        return new ServiceUrl(this, template);
    }
}
