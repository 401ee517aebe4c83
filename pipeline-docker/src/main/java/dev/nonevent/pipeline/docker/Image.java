package dev.nonevent.pipeline.docker;

/**
 * An image an engine has.
 *
 * @param reference repository and tag, for people; somebody may move the tag
 * @param id {@code sha256:…} of its configuration and layers: the same id is the same image
 */
public record Image(String reference, String id) {}
