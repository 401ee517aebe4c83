package dev.nonevent.pipeline.deployment;

import java.time.Instant;
import java.util.Optional;

/**
 * A version of an application, bound to the digest of what runs.
 *
 * @param application {@code [a-z0-9][a-z0-9-]*}
 * @param version for people: the short commit, or a name
 * @param digest {@code sha256:…} of the artifact
 * @param commit the commit it was built from, if it was
 * @param committedAt when that was committed; lead time counts from here
 * @param run the run that deploys it
 */
public record Release(
        String application,
        String version,
        String digest,
        Optional<String> commit,
        Optional<Instant> committedAt,
        String run) {}
