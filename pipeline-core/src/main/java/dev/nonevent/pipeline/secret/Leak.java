package dev.nonevent.pipeline.secret;

/**
 * A secret where it must not be.
 *
 * @param offset of its first byte, from 0
 */
public record Leak(Secret secret, long offset) {}
