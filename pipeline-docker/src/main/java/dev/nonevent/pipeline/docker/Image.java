package dev.nonevent.pipeline.docker;

import java.util.Optional;

/**
 * An image an engine has.
 *
 * @param reference repository and tag, for people; somebody may move the tag
 * @param id {@code sha256:…} of its configuration and layers: the same id is the same image on one engine
 * @param digest {@code sha256:…} under which its registry keeps it; empty if it was not pushed
 */
public record Image(String reference, String id, Optional<String> digest) {

    /** What runs exactly this image, whoever moves the tag: {@code repository@sha256:…}, or the id if it was not pushed. */
    public String pinned() {
        return digest.map(each -> reference.substring(0, reference.lastIndexOf(':')) + "@" + each)
                .orElse(id);
    }
}
