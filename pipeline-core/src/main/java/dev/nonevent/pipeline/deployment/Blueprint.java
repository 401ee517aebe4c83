package dev.nonevent.pipeline.deployment;

import java.util.Map;

/**
 * All a host needs to start a release, again after months, in another process: plain text, kept in the ledger.
 *
 * @param digest {@code sha256:…} of the artifact
 * @param settings the host's own words; no secrets
 */
public record Blueprint(String digest, Map<String, String> settings) {

    public Blueprint {
        settings = Map.copyOf(settings);
    }
}
